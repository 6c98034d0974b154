import { arnOf, text } from "../definition";
import type { Definitions } from "../definition";
import { arn, between, either, matching, oneOf, policy } from "../rules";

const uuid = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

const asymmetric = [
  ...["RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"],
  ...["ECC_NIST_EDWARDS25519", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "SM2"],
];

export const secretKinds: Definitions = {
  "aws:kms/key:Key": {
    defaults: {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
    replaceOn: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    rules: {
      customerMasterKeySpec: oneOf("SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", ...asymmetric),
      keyUsage: oneOf("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
      deletionWindowInDays: between(7, 30, "days"),
      rotationPeriodInDays: between(90, 2560, "days"),
      description: matching(/^.{0,8192}$/s, "at most 8192 characters"),
      policy,
    },
    alsoCheck: (inputs) => [
      ...(inputs.rotationPeriodInDays !== undefined && inputs.enableKeyRotation === false
        ? [{ property: "enableKeyRotation", reason: "found false: must be true where rotationPeriodInDays is given" }]
        : []),
      ...(inputs.enableKeyRotation === true && inputs.customerMasterKeySpec !== "SYMMETRIC_DEFAULT"
        ? [{ property: "enableKeyRotation", reason: "only symmetric keys (SYMMETRIC_DEFAULT) rotate by themselves" }]
        : []),
    ],
    id: ({ inputs, digits }) => (inputs.multiRegion === true ? `mrk-${digits(32)}` : uuid(digits(32))),
    outputs: (resource) => ({ arn: arnOf(resource, "kms", `key/${resource.id}`), keyId: resource.id }),
  },
  "aws:kms/alias:Alias": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      begins: "alias/",
      rule: matching(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/, "alias/ and letters, digits, / _ -, not alias/aws/"),
    },
    replaceOn: ["name", "namePrefix"],
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => {
      const target = text(resource.inputs, "targetKeyId");
      return {
        arn: arnOf(resource, "kms", resource.id),
        targetKeyArn: target.startsWith("arn:") ? target : arnOf(resource, "kms", `key/${target}`),
      };
    },
  },
  "aws:kms/keyPolicy:KeyPolicy": {
    defaults: { bypassPolicyLockoutSafetyCheck: false },
    replaceOn: ["keyId"],
    rules: { policy },
    id: ({ inputs }) => text(inputs, "keyId"),
  },
  "aws:secretsmanager/secret:Secret": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[\w/+=.@-]{1,512}$/, "1 to 512 letters, digits, or any of / _ + = . @ -"),
    },
    defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
    replaceOn: ["name", "namePrefix"],
    rules: {
      kmsKeyId: matching(
        /^(arn:aws[a-z-]*:kms:.+|alias\/.+|(mrk-)?[0-9a-f-]{32,36})$/,
        "a key's ARN, identifier or alias",
      ),
      recoveryWindowInDays: either(oneOf(0), between(7, 30, "days")),
      policy,
    },
    id: (resource) =>
      arnOf(resource, "secretsmanager", `secret:${text(resource.inputs, "name")}-${resource.digits(6)}`),
    outputs: (resource) => ({ arn: resource.id }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[.\-_/#A-Za-z0-9]{1,512}$/, "1 to 512 letters, digits, or any of . - _ / #"),
    },
    defaults: { retentionInDays: 0, skipDestroy: false },
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    rules: {
      kmsKeyId: arn("kms"),
      logGroupClass: oneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
      retentionInDays: oneOf(
        ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      ),
    },
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({ arn: arnOf(resource, "logs", `log-group:${resource.id}`) }),
  },
};
