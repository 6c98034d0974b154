import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import { covers, statementsOf } from "../../reading/policy-document";
import type { Rule } from "../../rule";

const guarded = [
  "s3:BypassGovernanceRetention",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:DeleteObjectVersion",
];

/** A condition that lets named roles through narrows whom the denial meets, not what it denies. */
const exempts = (condition: string): boolean => /^(Arn|String)Not(Equals|Like) aws:PrincipalArn /.test(condition);

export const imm06: Rule = {
  id: "IMM-06",
  title: "Bucket policies deny changing the lock or lifecycle and deleting versions",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Deny everyone, in the policy of a locked bucket, to bypass the retention, to change the lock or the lifecycle, and to delete versions.",
  supports: controlsOf("IMM-06"),
  check(bucket, examination, context) {
    examination.within("objectLockEnabled", () => {
      if (bucket.props.objectLockEnabled !== true) return examination.notApplicable("the bucket has no lock");
      if (lacks("tls-only-policy", examination, context)) return;
      askSibling(bucket, "BucketPolicy", examination, context, ({ policy }) => {
        const denied = statementsOf(policy).filter(
          ({ allows, principals, conditions }) => !allows && principals.includes("*") && conditions.every(exempts),
        );
        const open = guarded.filter(
          (action) => !denied.some(({ actions }) => actions.some((pattern) => covers(pattern, action))),
        );
        return open.length === 0 ? undefined : `${open.join(", ")} is not denied`;
      });
    });
  },
};
