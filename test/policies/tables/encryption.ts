import { policy, sse, UNKNOWN, type RuleTables } from "./table";
import { denials, keyStatements, policyOf, role } from "../policy-documents";

/** A key whose policy lets somebody do more than administer it. */
const letting = (statement: object) => ({
  of: "key",
  path: "policy",
  value: policyOf(keyStatements.administration, { Effect: "Allow", Resource: "*", ...statement }),
});

export const encryption: RuleTables = {
  "ENC-01": {
    judged: "vault",
    violations: [
      { of: sse, path: "" },
      { of: sse, path: "rules", value: [] },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: "AES256" },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId" },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId", value: "*" },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId", value: "alias/aws/s3" },
      ...(["otherEncryption", "defaultKey", "chosenKey", "callersKey"] as const).flatMap((one) => [
        { of: policy, path: "policy", value: policyOf(...Object.values({ ...denials, [one]: denials.plaintext })) },
        {
          of: policy,
          path: "policy",
          value: policyOf(
            ...Object.values({ ...denials, [one]: { ...denials[one], Resource: "arn:aws:s3:::other/*" } }),
          ),
        },
      ]),
    ],
    unknown: { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: UNKNOWN },
  },
  "ENC-02": {
    judged: "vault",
    violations: [
      { of: policy, path: "" },
      { of: policy, path: "policy", value: policyOf(denials.oldTls, denials.unlock) },
      { of: policy, path: "policy", value: policyOf(denials.plaintext, denials.unlock) },
      {
        of: policy,
        path: "policy",
        value: policyOf({ ...denials.plaintext, Resource: "arn:aws:s3:::vault" }, denials.oldTls),
      },
      {
        of: policy,
        path: "policy",
        value: policyOf(denials.plaintext, {
          ...denials.oldTls,
          Condition: { ...denials.oldTls.Condition, ArnNotEquals: { "aws:PrincipalArn": role("copier") } },
        }),
      },
    ],
    unknown: { of: policy, path: "policy", value: UNKNOWN },
  },
  "ENC-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "encryptionConfig" },
      { of: "cluster", path: "encryptionConfig.resources", value: [] },
      { of: "cluster", path: "encryptionConfig.provider.keyArn" },
      { of: "cluster", path: "encryptionConfig.provider.keyArn", value: "*", judged: "cluster" },
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
      { of: "volumes-default", path: "enabled", value: false, judged: "volumes-default" },
      { of: "volumes-key", path: "keyArn", value: "*", judged: "volumes-key" },
      { of: "backup-vault", path: "kmsKeyArn", value: "*", judged: "backup-vault" },
      { of: "storage-class", path: "parameters.encrypted", value: "false", judged: "storage-class" },
      { of: "storage-class", path: "parameters.kmsKeyId", judged: "storage-class" },
    ],
    unknown: { of: "volume", path: "kmsKeyId", value: UNKNOWN },
  },
  "ENC-05": {
    judged: "key",
    violations: [
      { of: "key", path: "enableKeyRotation" },
      { of: "key", path: "deletionWindowInDays", value: 7 },
      { of: "key", path: "bypassPolicyLockoutSafetyCheck", value: true },
      { of: "key", path: "isEnabled", value: false, judged: "key" },
      { of: "key", path: "keyUsage", value: "elsewhere", judged: "key" },
      { of: "key", path: "customerMasterKeySpec", value: "elsewhere", judged: "key" },
      { of: "secret", path: "recoveryWindowInDays", value: 0, judged: "secret" },
      { of: "secret", path: "forceOverwriteReplicaSecret", value: true, judged: "secret" },
      { of: "rotation", path: "rotationRules.automaticallyAfterDays", value: 365, judged: "rotation" },
      { of: "rotation", path: "rotationLambdaArn", value: "*", judged: "rotation" },
      { of: "leaf-key", path: "algorithm", value: "DES", judged: "leaf-key" },
      { of: "leaf-key", path: "ecdsaCurve", value: "P224", judged: "leaf-key" },
      { of: "leaf", path: "validityPeriodHours", value: 87600, judged: "leaf" },
      { of: "leaf", path: "earlyRenewalHours", value: 0, judged: "leaf" },
      { of: "leaf", path: "isCaCertificate", value: true, judged: "leaf" },
      { of: "leaf", path: "allowedUses.1", value: "cert_signing", judged: "leaf" },
      { of: "leaf", path: "allowedUses", value: ["server_auth"], judged: "leaf" },
      { of: "leaf", path: "allowedUses.2", value: "any_extended", judged: "leaf" },
      { of: "disk-password", path: "length", value: 8, judged: "disk-password" },
      { of: "authority", path: "maxPathLength", value: 1, judged: "authority" },
      { of: "authority", path: "allowedUses", value: ["cert_signing", "server_auth"], judged: "authority" },
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
      letting({
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:Decrypt"],
      }),
      letting({
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: ["kms:Decrypt"],
      }),
      ...[
        // By a role that has to come through a service, and does not here.
        { Action: ["kms:Decrypt"], Condition: { ArnEquals: { "aws:PrincipalArn": role("door") } } },
        { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
      ].map((statement) => letting({ Principal: { AWS: "arn:aws:iam::111122223333:root" }, ...statement })),
      letting({
        Principal: { AWS: role("backup") },
        Action: "kms:CreateGrant",
      }),
      letting({
        Principal: "*",
        Action: ["kms:Decrypt"],
        Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
      }),
      letting({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "kms:GenerateDataKey*",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      }),
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
      { of: "alarms", path: "kmsMasterKeyId", value: "alias/aws/sns", judged: "alarms" },
    ],
    unknown: { of: "log-group", path: "kmsKeyId", value: UNKNOWN },
  },
};
