import { controlsOf } from "../../catalogue";
import { notOwnKey } from "../../reading/cloud-name";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

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
  },
};
