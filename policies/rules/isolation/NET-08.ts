import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import type { Rule } from "../../rule";

const settings = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const net08: Rule = {
  id: "NET-08",
  title: "Every bucket blocks public access in all four ways",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation: "Give the bucket a BucketPublicAccessBlock with all four settings true.",
  supports: controlsOf("NET-08"),
  check(bucket, examination, context) {
    if (lacks("access-block", examination, context)) return;
    askSibling(bucket, "BucketPublicAccessBlock", examination, context, (block) => {
      const open = settings.filter((setting) => block[setting] !== true);
      return open.length > 0 ? `${open.join(", ")} must be true` : undefined;
    });
  },
};
