import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const enc05: Rule = {
  id: "ENC-05",
  title: "Keys rotate, wait 30 days before deletion, and never bypass the lockout check",
  severity: "high",
  scope: "resource",
  types: ["aws:kms/key:Key"],
  remediation:
    "Set enableKeyRotation: true and deletionWindowInDays: 30, and leave bypassPolicyLockoutSafetyCheck off.",
  supports: controlsOf("ENC-05"),
  check(key, examination) {
    examination.ask("enableKeyRotation", () => {
      const usage = (key.props.keyUsage as string | undefined) ?? "ENCRYPT_DECRYPT";
      const specification = (key.props.customerMasterKeySpec as string | undefined) ?? "SYMMETRIC_DEFAULT";
      // Only symmetric encryption keys can rotate: the cloud refuses it for the others.
      if (usage !== "ENCRYPT_DECRYPT" || specification !== "SYMMETRIC_DEFAULT") return undefined;
      return key.props.enableKeyRotation === true ? undefined : "the key does not rotate";
    });
    examination.ask("deletionWindowInDays", () => {
      const days = (key.props.deletionWindowInDays as number | undefined) ?? 30;
      return days === 30 ? undefined : `deletion waits ${days} days; wanted 30`;
    });
    examination.ask("bypassPolicyLockoutSafetyCheck", () =>
      key.props.bypassPolicyLockoutSafetyCheck === true ? "the lockout check is bypassed" : undefined,
    );
  },
};
