import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

const settings = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const ownership = ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"];

function unblocked(block: Properties): string | undefined {
  const open = settings.filter((setting) => block[setting] !== true);
  return open.length > 0 ? `${open.join(", ")} must be true` : undefined;
}

export const net08: Rule = {
  id: "NET-08",
  title: "Every bucket blocks public access in all four ways",
  severity: "critical",
  scope: "stack",
  types: [...bucketTypes, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", ...ownership],
  remediation: "Give the bucket a BucketPublicAccessBlock with all four settings true.",
  supports: controlsOf("NET-08"),
  check(bucket, examination, context) {
    if (ownership.includes(bucket.type)) {
      return examination.ask("rule.objectOwnership", () =>
        bucket.props.rule?.objectOwnership === "BucketOwnerEnforced"
          ? undefined
          : "objects may carry rights of their own",
      );
    }
    if (!bucketTypes.includes(bucket.type)) return examination.ask("", () => unblocked(bucket.props));
    if (lacks("access-block", examination, context)) return;
    askSibling(bucket, "BucketPublicAccessBlock", examination, context, unblocked);
  },
};
