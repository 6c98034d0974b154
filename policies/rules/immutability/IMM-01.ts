import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, dataClassOf, retentionDays } from "../../reading/object-store";
import type { Rule } from "../../rule";

export const imm01: Rule = {
  id: "IMM-01",
  title: "The audit bucket is locked in COMPLIANCE mode",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Create the audit bucket with objectLockEnabled and give it a BucketObjectLockConfiguration in COMPLIANCE mode with a retention.",
  supports: controlsOf("IMM-01"),
  check(bucket, examination, context) {
    if (dataClassOf(bucket) !== "audit") return examination.notApplicable("the bucket does not hold audit data");
    examination.ask("objectLockEnabled", () =>
      bucket.props.objectLockEnabled === true ? undefined : "object lock is off, and cannot be had later",
    );
    askSibling(bucket, "BucketObjectLockConfiguration", examination, context, (lock) => {
      const retention = lock.rule?.defaultRetention;
      if (retention?.mode !== "COMPLIANCE") return `mode is ${retention?.mode ?? "absent"}; wanted COMPLIANCE`;
      return retentionDays(retention) > 0 ? undefined : "the retention has neither days nor years";
    });
  },
};
