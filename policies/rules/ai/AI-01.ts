import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, dataClassOf, lacks } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

export const ai01: Rule = {
  id: "AI-01",
  title: "The weights bucket is encrypted, versioned, private and protected",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Give the weights bucket versions, its own key, a public-access block and protect; the kit's own component does.",
  supports: controlsOf("AI-01"),
  check(bucket, examination, context) {
    if (dataClassOf(bucket) !== "weights") return examination.notApplicable("the bucket holds no weights");
    examination.ask("protect", () => (bucket.protect ? undefined : "it may be deleted with the stack"));
    askSibling(bucket, "BucketVersioning", examination, context, ({ versioningConfiguration }) =>
      versioningConfiguration?.status === "Enabled" ? undefined : "versions are not kept",
    );
    if (!lacks("encryption-by-key", examination, context)) {
      askSibling(bucket, "BucketServerSideEncryptionConfiguration", examination, context, ({ rules }) =>
        ((rules ?? []) as Properties[]).every((rule) => rule.applyServerSideEncryptionByDefault?.kmsMasterKeyId)
          ? undefined
          : "no key of the customer is named",
      );
    }
    if (!lacks("access-block", examination, context)) {
      askSibling(
        bucket,
        "BucketPublicAccessBlock",
        examination,
        context,
        ({ restrictPublicBuckets, blockPublicPolicy }) =>
          restrictPublicBuckets === true && blockPublicPolicy === true ? undefined : "it may be opened to the public",
      );
    }
  },
};
