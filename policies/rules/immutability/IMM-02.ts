import { controlsOf } from "../../catalogue";
import { retentionDays } from "../../reading/object-store";
import type { Rule } from "../../rule";

/** Days of the audit record: 45 CFR 164.316(b)(2)(i), PCI DSS 10.5.1. */
const floors: Readonly<Record<string, number>> = { hipaa: 2190, "pci-dss": 365 };
/** AI Act, articles 19(1) and 26(6): six months. */
const shortestDays = 183;
/** Ten years: what an environment may ask for at most. */
const ceilingDays = 3653;

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
    examination.ask("rule.defaultRetention", () => {
      const retention = lock.props.rule?.defaultRetention;
      const days = retentionDays(retention);
      if (days > ceilingDays) return `${days} days; at most ${ceilingDays}: what is locked cannot be given up sooner`;
      // Only the audit record has a floor of years: everything else is locked for as long as a mistake may take to show.
      if (retention?.mode !== "COMPLIANCE") return days > 0 ? undefined : "the retention has neither days nor years";
      const frameworks = context.settings.frameworks ?? Object.keys(floors);
      const floor = Math.max(...frameworks.map((framework) => floors[framework] ?? shortestDays));
      return days >= floor ? undefined : `${days} days; ${floor} or more are asked for by ${frameworks.join(", ")}`;
    });
  },
};
