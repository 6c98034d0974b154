import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import { bucketArn, deniedBy, objectArn, type PolicyRequest } from "../../reading/denied-requests";
import { statementsOf } from "../../reading/policy-document";
import type { Rule } from "../../rule";

/** One call of each kind: on the bucket, and on what is in it. */
const callsOn = (bucket: string) => [
  { action: "s3:ListBucket", resource: bucketArn(bucket) },
  { action: "s3:PutBucketPolicy", resource: bucketArn(bucket) },
  { action: "s3:GetObject", resource: objectArn(bucket) },
  { action: "s3:PutObject", resource: objectArn(bucket) },
];

export const enc02: Rule = {
  id: "ENC-02",
  title: "Every bucket refuses requests that do not come over TLS 1.2 or newer",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Give the bucket a BucketPolicy that denies everyone s3:* where aws:SecureTransport is false and where s3:TlsVersion is below 1.2.",
  supports: controlsOf("ENC-02"),
  check(bucket, examination, context) {
    if (lacks("tls-only-policy", examination, context)) return;
    askSibling(bucket, "BucketPolicy", examination, context, ({ policy }) => {
      const statements = statementsOf(policy);
      const denied = (keys: PolicyRequest["keys"]) =>
        callsOn(String(bucket.props.bucket)).every((call) => deniedBy(statements, { ...call, keys }));
      if (!denied({ "aws:SecureTransport": "false" })) return "requests without TLS are not denied";
      return denied({ "aws:SecureTransport": "true", "s3:TlsVersion": "1.1" })
        ? undefined
        : "TLS older than 1.2 is not denied";
    });
  },
};
