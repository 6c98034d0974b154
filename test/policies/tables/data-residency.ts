import { UNKNOWN, type RuleTables } from "./table";
import { tagsOf } from "../buckets";

export const dataResidency: RuleTables = {
  "RES-01": {
    judged: "key",
    violations: [
      { of: "key", path: "region", value: "us-east-1" },
      { of: "key", path: "provider.region", value: "us-east-1" },
    ],
    unknown: { of: "key", path: "region", value: UNKNOWN },
  },
  "RES-02": {
    judged: "key",
    violations: [
      { of: "key", path: "multiRegion", value: true },
      { of: "secret", path: "replicas", value: [{ region: "us-east-1" }], judged: "secret" },
    ],
    unknown: { of: "key", path: "multiRegion", value: UNKNOWN },
  },
  "RES-04": {
    judged: "vault",
    violations: ["data-class", "owner", "purpose", "retention", "environment"].map((tag) => ({
      of: "vault",
      path: "tags",
      value: Object.fromEntries(Object.entries(tagsOf("audit")).filter(([name]) => name !== `cloister.dev/${tag}`)),
    })),
    unknown: { of: "vault", path: "tags", value: UNKNOWN },
  },
  "RES-05": {
    judged: "raw",
    violations: [
      { of: "raw-BucketLifecycleConfiguration", path: "" },
      { of: "raw-BucketLifecycleConfiguration", path: "rules.0.expiration" },
      { of: "raw-BucketLifecycleConfiguration", path: "rules.0.noncurrentVersionExpiration" },
      { of: "vault", path: "tags", value: tagsOf("transcripts"), judged: "vault" },
    ],
    unknown: { of: "raw-BucketLifecycleConfiguration", path: "rules", value: UNKNOWN },
    beyond: { of: "raw", path: "tags", value: tagsOf("audit") },
  },
};
