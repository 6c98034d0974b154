import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks, retentionsOf } from "../../reading/object-store";
import { bucketArn, deniedBy, nobodyIn, objectArn } from "../../reading/denied-requests";
import { statementsOf, type PolicyStatement } from "../../reading/policy-document";
import type { Rule } from "../../rule";

const guarded = [
  "s3:BypassGovernanceRetention",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:DeleteObjectVersion",
];

const ofBucket = /Bucket|LifecycleConfiguration$/;
/** Roles that a denial lets through by name narrow whom it meets, not what it denies. Whole accounts are no names. */
const askers = (statements: readonly PolicyStatement[]): string[] => {
  const accounts = statements.flatMap(({ conditions }) =>
    conditions.flatMap((one) => [...one.matchAll(/:iam::(\d{12}):/g)].map(([, account]) => String(account))),
  );
  return [...new Set(accounts)].map(nobodyIn).concat(nobodyIn());
};

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
      if (bucket.props.objectLockEnabled !== true) {
        if (retentionsOf(bucket, context).length === 0) return examination.notApplicable("the bucket has no lock");
        return examination.ask("objectLockEnabled", () => "a lock is laid on a bucket that was made without one");
      }
      if (lacks("tls-only-policy", examination, context)) return;
      askSibling(bucket, "BucketPolicy", examination, context, ({ policy }) => {
        const statements = statementsOf(policy);
        const name = String(bucket.props.bucket);
        const asking = askers(statements);
        const open = guarded.filter((action) => {
          const resource = ofBucket.test(action) ? bucketArn(name) : objectArn(name);
          return asking.some(
            (asker) => !deniedBy(statements, { action, resource, keys: { "aws:PrincipalArn": asker } }),
          );
        });
        return open.length === 0 ? undefined : `${open.join(", ")} is not denied`;
      });
    });
  },
};
