import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks } from "../../reading/object-store";
import { statementsOf } from "../../reading/policy-document";
import type { Rule } from "../../rule";

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
      const denied = statementsOf(policy).filter(
        ({ allows, actions, principals }) => !allows && principals.includes("*") && actions.includes("s3:*"),
      );
      const has = (condition: string) => denied.some(({ conditions }) => conditions.includes(condition));
      if (!has("Bool aws:SecureTransport false")) return "requests without TLS are not denied";
      return has("NumericLessThan s3:TlsVersion 1.2") ? undefined : "TLS older than 1.2 is not denied";
    });
  },
};
