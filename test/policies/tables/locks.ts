import { lock, UNKNOWN, type RuleTables } from "./table";
import { tagsOf } from "../buckets";

const weights = "weights-BucketObjectLockConfiguration";

const rack = "rack-audit-BucketObjectLockConfiguration";

export const locks: RuleTables = {
  "IMM-07": {
    judged: "vault",
    violations: [
      { of: "vault", path: "tags", value: tagsOf("transcripts") },
      { of: "vault", path: "tags", value: tagsOf("sanitised") },
      { of: "vault", path: "tags", value: {} },
      { of: weights, path: "rule.defaultRetention.mode", value: "COMPLIANCE", judged: "weights" },
      { of: "weights", path: "tags", value: tagsOf("audit"), judged: "weights" },
      { of: "raw", path: "objectLockEnabled", value: true, judged: "raw" },
    ],
    unknown: { of: lock, path: "rule", value: UNKNOWN },
  },
  "IMM-08": {
    judged: rack,
    violations: [
      { of: rack, path: "rule.defaultRetention.mode", value: "GOVERNANCE" },
      { of: rack, path: "rule.defaultRetention.days", value: 0 },
      { of: rack, path: "rule" },
      { of: "rack-audit", path: "objectLockEnabled", value: false, judged: "rack-audit" },
    ],
    unknown: { of: rack, path: "rule", value: UNKNOWN },
    beyond: { of: rack, path: "bucket", value: "example-rack-vectors" },
  },
};
