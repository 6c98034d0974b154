import { controlsOf } from "../../catalogue";
import { notOwnKey } from "../../reading/cloud-name";
import { deniedBy, nobodyIn, objectArn, type PolicyRequest } from "../../reading/denied-requests";
import { statementsOf } from "../../reading/policy-document";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

/** A role that nobody named, and no service. */
const byPerson = { "aws:PrincipalIsAWSService": "false", "aws:PrincipalArn": nobodyIn() };

/** Uploads that go round the bucket's key: what the bucket does by default counts only for requests that ask for nothing. */
const uploads: readonly { readonly what: string; readonly keys: PolicyRequest["keys"] }[] = [
  { what: "under keys of S3 itself", keys: { "s3:x-amz-server-side-encryption": "AES256" } },
  { what: "under the account's default key", keys: { "s3:x-amz-server-side-encryption": "aws:kms" } },
  {
    what: "under a key that the caller names",
    keys: {
      "s3:x-amz-server-side-encryption": "aws:kms",
      "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:000000000000:key/elsewhere",
    },
  },
  {
    what: "under a key that the caller sends along",
    keys: { "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" },
  },
];

export const enc01: Rule = {
  id: "ENC-01",
  title: "Every bucket is encrypted with a customer-held key",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Give the bucket a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and the key of its data class.",
  supports: controlsOf("ENC-01"),
  check(bucket, examination, context) {
    if (lacks("encryption-by-key", examination, context)) return;
    askSibling(bucket, "BucketServerSideEncryptionConfiguration", examination, context, (encryption) => {
      const rules = (encryption.rules ?? []) as Properties[];
      if (rules.length === 0) return "it has no rule";
      for (const { applyServerSideEncryptionByDefault: byDefault } of rules) {
        const algorithm = byDefault?.sseAlgorithm as string | undefined;
        if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") {
          return `sseAlgorithm is ${algorithm ?? "absent"}; wanted aws:kms or aws:kms:dsse`;
        }
        const wrong = notOwnKey(byDefault.kmsMasterKeyId);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    });
    if (context.settings.objectStore !== undefined) return;
    askSibling(bucket, "BucketPolicy", examination, context, ({ policy }) => {
      const statements = statementsOf(policy);
      const admitted = uploads
        .filter(({ keys }) => {
          const resource = objectArn(String(bucket.props.bucket));
          return !deniedBy(statements, { action: "s3:PutObject", resource, keys: { ...byPerson, ...keys } });
        })
        .map(({ what }) => what);
      return admitted.length === 0 ? undefined : `objects may be written ${admitted.join(", ")}`;
    });
  },
};
