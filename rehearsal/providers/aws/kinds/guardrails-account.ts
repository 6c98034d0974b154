import { arnOf, text } from "../definition";
import type { Definition, Definitions } from "../definition";
import { arn, between, matching, oneOf } from "../rules";

const vaultName = matching(/^[\w.-]{2,50}$/, "2 to 50 letters, digits, . _ or -");
const uuid = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

const ofRegion: Definition = { id: ({ scope }) => scope.region };

/** Stand-ins for the account's own defaults and for its backups. */
export const accountKinds: Definitions = {
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": {
    defaults: { allowUsersToChangePassword: true, minimumPasswordLength: 6 },
    rules: {
      minimumPasswordLength: between(6, 128, "characters"),
      maxPasswordAge: between(0, 1095, "days"),
      passwordReusePrevention: between(0, 24, "passwords"),
    },
    id: () => "iam-account-password-policy",
    outputs: ({ inputs }) => ({ expirePasswords: Number(inputs.maxPasswordAge ?? 0) > 0 }),
  },
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": {
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
    replaceOn: ["accountId"],
    rules: { accountId: matching(/^\d{12}$/, "an account of 12 digits") },
    id: ({ inputs, scope }) => text(inputs, "accountId") || scope.account,
    outputs: ({ id }) => ({ accountId: id }),
  },
  "aws:ebs/encryptionByDefault:EncryptionByDefault": { ...ofRegion, defaults: { enabled: true } },
  "aws:ebs/defaultKmsKey:DefaultKmsKey": {
    replaceOn: ["keyArn"],
    rules: { keyArn: arn("kms") },
    id: ({ inputs }) => text(inputs, "keyArn"),
  },
  "aws:backup/vault:Vault": {
    name: { property: "name", rule: vaultName },
    defaults: { forceDestroy: false },
    replaceOn: ["name", "kmsKeyArn"],
    rules: { kmsKeyArn: arn("kms") },
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({ arn: arnOf(resource, "backup", `backup-vault:${resource.id}`), recoveryPoints: 0 }),
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    replaceOn: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
    rules: {
      backupVaultName: vaultName,
      changeableForDays: between(3, 36500, "days"),
      maxRetentionDays: between(1, 36500, "days"),
      minRetentionDays: between(1, 36500, "days"),
    },
    alsoCheck: ({ minRetentionDays, maxRetentionDays }) =>
      Number(minRetentionDays) > Number(maxRetentionDays)
        ? [
            {
              property: "minRetentionDays",
              reason: `found ${Number(minRetentionDays)}: must not exceed maxRetentionDays`,
            },
          ]
        : [],
    id: ({ inputs }) => text(inputs, "backupVaultName"),
    outputs: (resource) => ({ backupVaultArn: arnOf(resource, "backup", `backup-vault:${resource.id}`) }),
  },
  "aws:backup/plan:Plan": {
    name: { property: "name", rule: matching(/^[\w.-]{1,50}$/, "1 to 50 letters, digits, . _ or -") },
    replaceOn: ["name"],
    rules: {
      "rules[*].ruleName": matching(/^[\w.-]{1,50}$/, "1 to 50 letters, digits, . _ or -"),
      "rules[*].targetVaultName": vaultName,
      "rules[*].schedule": matching(/^(cron|rate)\(.+\)$/, "a cron(…) or rate(…) expression"),
      "rules[*].lifecycle.deleteAfter": between(1, 36500, "days"),
    },
    id: ({ digits }) => uuid(digits(32)),
    outputs: (resource) => ({
      arn: arnOf(resource, "backup", `backup-plan:${resource.id}`),
      version: resource.before?.version ?? resource.digits(48, "version"),
    }),
  },
  "aws:backup/selection:Selection": {
    name: { property: "name", rule: matching(/^[\w.-]{1,50}$/, "1 to 50 letters, digits, . _ or -") },
    replaceOn: ["name", "planId", "iamRoleArn", "resources", "selectionTags", "conditions"],
    rules: { iamRoleArn: arn("iam"), "selectionTags[*].type": oneOf("STRINGEQUALS") },
    id: ({ digits }) => uuid(digits(32)),
  },
};
