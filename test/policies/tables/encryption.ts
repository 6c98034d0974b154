import { policy, sse, UNKNOWN, type RuleTables } from "./table";
import { denials, keyStatements, policyOf } from "../policy-documents";

export const encryption: RuleTables = {
  "ENC-01": {
    judged: "vault",
    violations: [
      { of: sse, path: "" },
      { of: sse, path: "rules", value: [] },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: "AES256" },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId" },
    ],
    unknown: { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: UNKNOWN },
  },
  "ENC-02": {
    judged: "vault",
    violations: [
      { of: policy, path: "" },
      { of: policy, path: "policy", value: policyOf(denials.oldTls, denials.unlock) },
      { of: policy, path: "policy", value: policyOf(denials.plaintext, denials.unlock) },
    ],
    unknown: { of: policy, path: "policy", value: UNKNOWN },
  },
  "ENC-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "encryptionConfig" },
      { of: "cluster", path: "encryptionConfig.resources", value: [] },
      { of: "cluster", path: "encryptionConfig.provider.keyArn" },
    ],
    unknown: { of: "cluster", path: "encryptionConfig.provider.keyArn", value: UNKNOWN },
  },
  "ENC-04": {
    judged: "volume",
    violations: [
      { of: "volume", path: "encrypted", value: false },
      { of: "volume", path: "kmsKeyId" },
      { of: "gpu-template", path: "blockDeviceMappings.0.ebs.encrypted", value: "false", judged: "gpu-template" },
      { of: "gpu-template", path: "blockDeviceMappings", value: [], judged: "gpu-template" },
    ],
    unknown: { of: "volume", path: "kmsKeyId", value: UNKNOWN },
  },
  "ENC-05": {
    judged: "key",
    violations: [
      { of: "key", path: "enableKeyRotation" },
      { of: "key", path: "deletionWindowInDays", value: 7 },
      { of: "key", path: "bypassPolicyLockoutSafetyCheck", value: true },
    ],
    unknown: { of: "key", path: "enableKeyRotation", value: UNKNOWN },
  },
  "ENC-06": {
    judged: "key",
    violations: [
      { of: "key", path: "policy" },
      { of: "key", path: "policy", value: policyOf({ ...keyStatements.use, Principal: "*" }) },
      { of: "key", path: "policy", value: policyOf({ ...keyStatements.administration, Action: "kms:*" }) },
      {
        of: "key",
        path: "policy",
        value: policyOf(keyStatements.use, { ...keyStatements.use, Action: "kms:ScheduleKeyDeletion" }),
      },
    ],
    unknown: { of: "key", path: "policy", value: UNKNOWN },
  },
  "ENC-10": {
    judged: "log-group",
    violations: [
      { of: "log-group", path: "kmsKeyId" },
      { of: "secret", path: "kmsKeyId", judged: "secret" },
      { of: "images", path: "encryptionConfigurations.0.kmsKey", judged: "images" },
      { of: "images", path: "encryptionConfigurations.0.encryptionType", value: "AES256", judged: "images" },
    ],
    unknown: { of: "log-group", path: "kmsKeyId", value: UNKNOWN },
  },
};
