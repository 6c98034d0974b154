import { text } from "../definition";
import { arnOf } from "../definition";
import type { Definition, Definitions } from "../definition";
import { arn, json, matching, oneOf, policy } from "../rules";

const ofRepository = (rule: typeof policy): Definition => ({
  replaceOn: ["repository"],
  rules: { policy: rule },
  id: ({ inputs }) => text(inputs, "repository"),
  outputs: ({ scope }) => ({ registryId: scope.account }),
});

const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

export const registryKinds: Definitions = {
  "aws:ecr/repository:Repository": {
    name: {
      property: "name",
      lowercase: true,
      rule: matching(
        new RegExp(`^(?=.{2,256}$)${part}(/${part})*$`),
        "2 to 256 lower-case letters and digits in parts divided by / . _ or -",
      ),
    },
    defaults: { imageTagMutability: "MUTABLE" },
    replaceOn: ["name", "encryptionConfigurations"],
    rules: {
      imageTagMutability: oneOf("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"),
      "encryptionConfigurations[*].encryptionType": oneOf("AES256", "KMS", "KMS_DSSE"),
      "encryptionConfigurations[*].kmsKey": arn("kms"),
    },
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => {
      const { account, region, dnsSuffix } = resource.scope;
      return {
        arn: arnOf(resource, "ecr", `repository/${resource.id}`),
        registryId: account,
        repositoryUrl: `${account}.dkr.ecr.${region}.${dnsSuffix}/${resource.id}`,
      };
    },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ofRepository(policy),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ofRepository(json),
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
    rules: {
      scanType: oneOf("BASIC", "ENHANCED"),
      "rules[*].scanFrequency": oneOf("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
      "rules[*].repositoryFilters[*].filterType": oneOf("WILDCARD"),
    },
    alsoCheck: ({ scanType, rules }) =>
      scanType === "BASIC" && JSON.stringify(rules ?? []).includes('"CONTINUOUS_SCAN"')
        ? [{ property: "scanType", reason: 'found "BASIC": CONTINUOUS_SCAN needs ENHANCED' }]
        : [],
    id: ({ scope }) => scope.account,
    outputs: ({ scope }) => ({ registryId: scope.account }),
  },
};
