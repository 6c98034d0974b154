import { lifecycle, lock, policy, UNKNOWN, type RuleTables } from "./table";
import { denials, policyOf } from "../policy-documents";

export const immutability: RuleTables = {
  "IMM-01": {
    judged: "vault",
    violations: [
      { of: lock, path: "rule.defaultRetention.mode", value: "GOVERNANCE" },
      { of: lock, path: "" },
      { of: lock, path: "rule.defaultRetention.days" },
      { of: "vault", path: "objectLockEnabled", value: false },
    ],
    unknown: { of: lock, path: "rule.defaultRetention.days", value: UNKNOWN },
    beyond: { of: "vault", path: "tags", value: { "cloister.dev/data-class": "vectors" } },
  },
  "IMM-02": {
    judged: lock,
    violations: [
      { of: lock, path: "rule.defaultRetention.mode", value: undefined },
      { of: lock, path: "rule.defaultRetention.days", value: 365 },
      { of: lock, path: "rule.defaultRetention.days", value: 4000 },
      {
        of: "weights-BucketObjectLockConfiguration",
        path: "rule.defaultRetention.days",
        judged: "weights-BucketObjectLockConfiguration",
      },
    ],
    unknown: { of: lock, path: "rule.defaultRetention.days", value: UNKNOWN },
  },
  "IMM-03": {
    judged: "vault",
    violations: [
      { of: "vault-BucketVersioning", path: "versioningConfiguration.status", value: "Suspended" },
      { of: "vault-BucketVersioning", path: "" },
    ],
    unknown: { of: "vault-BucketVersioning", path: "versioningConfiguration.status", value: UNKNOWN },
  },
  "IMM-04": {
    judged: "vault",
    violations: [
      { of: "vault", path: "forceDestroy", value: true },
      { of: lifecycle, path: "rules.0.noncurrentVersionExpiration.noncurrentDays", value: 30 },
      { of: lifecycle, path: "rules.0.expiration", value: { days: 365 } },
      { of: lifecycle, path: "" },
      { of: lifecycle, path: "rules.0.status", value: "Disabled" },
      { of: lifecycle, path: "rules", value: [] },
      { of: "raw-BucketLifecycleConfiguration", path: "rules.0.expiration.days", value: 0, judged: "raw" },
    ],
    unknown: { of: lifecycle, path: "rules.0.noncurrentVersionExpiration.noncurrentDays", value: UNKNOWN },
  },
  "IMM-05": {
    judged: "authority",
    violations: [
      { of: "authority", path: "options.protect", value: false },
      { of: "vault", path: "options.protect", value: false, judged: "vault" },
      { of: "key", path: "options.protect", value: false, judged: "key" },
      { of: "trail", path: "options.protect", value: false, judged: "trail" },
      { of: "secret", path: "options.protect", value: false, judged: "secret" },
      { of: "backup-vault", path: "options.protect", value: false, judged: "backup-vault" },
      { of: "log-group", path: "options.protect", value: false, judged: "log-group" },
      { of: lock, path: "options.protect", value: false, judged: lock },
      { of: "disk-password", path: "options.protect", value: false, judged: "disk-password" },
      { of: "storage-class", path: "reclaimPolicy", value: "Delete", judged: "storage-class" },
      { of: "raw", path: "options.protect", value: false, judged: "raw" },
      { of: "lone-key", path: "options.protect", value: false, judged: "lone-key" },
      { of: "authority-key", path: "options.protect", value: false, judged: "authority-key" },
    ],
    unknown: { of: "authority", path: "isCaCertificate", value: UNKNOWN },
    beyond: { of: "authority", path: "isCaCertificate", value: false },
  },
  "IMM-06": {
    judged: "vault",
    violations: [
      { of: policy, path: "policy", value: policyOf(denials.plaintext, denials.oldTls) },
      { of: "vault", path: "objectLockEnabled", value: false },
      {
        of: policy,
        path: "policy",
        value: policyOf({ ...denials.unlock, Resource: "arn:aws:s3:::vault" }),
      },
      // A denial that spares whole accounts, whoever is in them, or those without a tag.
      ...[
        { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } },
        { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*" } },
        { StringLike: { "aws:PrincipalTag/team": "*" } },
      ].map((Condition) => ({ of: policy, path: "policy", value: policyOf({ ...denials.unlock, Condition }) })),
      ...denials.unlock.Action.map((left) => ({
        of: policy,
        path: "policy",
        value: policyOf({ ...denials.unlock, Action: denials.unlock.Action.filter((action) => action !== left) }),
      })),
    ],
    unknown: { of: policy, path: "policy", value: UNKNOWN },
  },
};
