import { controlsOf } from "../../catalogue";
import { parametersOf } from "../../controls/parameters";
import { retentionDays } from "../../reading/object-store";
import type { Rule } from "../../rule";

export const imm02: Rule = {
  id: "IMM-02",
  title: "Lock retention lies inside the windows the frameworks ask for",
  severity: "high",
  scope: "resource",
  types: [
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  ],
  remediation:
    "Set the retention of the audit record to six years for HIPAA, one for PCI DSS, half a one for the AI Act; and no lock beyond ten years.",
  supports: controlsOf("IMM-02"),
  check(lock, examination, context) {
    examination.ask("rule.defaultRetention.mode", () =>
      /^(GOVERNANCE|COMPLIANCE)$/.test(String(lock.props.rule?.defaultRetention?.mode))
        ? undefined
        : "the retention has no mode",
    );
    examination.ask("rule.defaultRetention", () => {
      const retention = lock.props.rule?.defaultRetention;
      const days = retentionDays(retention);
      const { auditLockLeast: least, lockMost: most } = parametersOf(context.settings.frameworks);
      if (days > most.value) return `${days} days; at most ${most.value} (${most.source})`;
      // Only the audit record has a floor of years: everything else is locked for as long as a mistake may take to show.
      if (retention?.mode !== "COMPLIANCE") return days > 0 ? undefined : "the retention has neither days nor years";
      return days >= least.value ? undefined : `${days} days; at least ${least.value} (${least.source})`;
    });
  },
};
