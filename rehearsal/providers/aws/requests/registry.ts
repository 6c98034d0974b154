import type { Properties } from "../../provider";
import { text } from "../definition";
import type { Requests } from "./asked-kind";
import { at, firstAt, given, listAt, tagChanges, tagList, tagsOf } from "./wire";

const repository: Requests = {
  make: async (it) => {
    const encryption = firstAt(it.inputs, "encryptionConfigurations");
    await it.make("ecr", "CreateRepository", {
      repositoryName: it.inputs.name,
      ...given(it.inputs, "imageTagMutability", "imageScanningConfiguration"),
      ...(encryption && { encryptionConfiguration: encryption }),
      tags: tagList(it.inputs),
    });
    return text(it.inputs, "name");
  },
  put: async (it) => {
    if (!it.before) return;
    const repositoryName = it.id;
    const settings = given(it.inputs, "imageTagMutability");
    await it.ask("ecr", "PutImageTagMutability", { repositoryName, ...settings });
    const imageScanningConfiguration = it.inputs.imageScanningConfiguration ?? { scanOnPush: false };
    await it.ask("ecr", "PutImageScanningConfiguration", { repositoryName, imageScanningConfiguration });
    const changes = tagChanges(it);
    const resourceArn = it.before.arn;
    if (changes?.gone.length) await it.ask("ecr", "UntagResource", { resourceArn, tagKeys: changes.gone });
    if (changes?.set) await it.ask("ecr", "TagResource", { resourceArn, tags: tagList(it.inputs) });
  },
  look: async (it) => {
    const found = firstAt(await it.ask("ecr", "DescribeRepositories", { repositoryNames: [it.id] }), "repositories");
    if (!found) return undefined;
    const tags = await it.ask("ecr", "ListTagsForResource", { resourceArn: found.repositoryArn });
    return {
      name: found.repositoryName,
      imageTagMutability: found.imageTagMutability,
      imageScanningConfiguration: it.inputs.imageScanningConfiguration && found.imageScanningConfiguration,
      ...(it.inputs.encryptionConfigurations !== undefined && {
        encryptionConfigurations: [found.encryptionConfiguration ?? {}],
      }),
      arn: found.repositoryArn,
      registryId: found.registryId,
      tags: tagsOf(listAt(tags, "tags")),
    };
  },
  remove: async ({ ask, id, inputs }) =>
    void (await ask("ecr", "DeleteRepository", { repositoryName: id, force: inputs.forceDelete === true })),
};

const policyOf = (put: string, get: string, remove: string, property: string): Requests => ({
  make: (it) => Promise.resolve(text(it.inputs, "repository")),
  put: async (it) => void (await it.ask("ecr", put, { repositoryName: it.id, [property]: it.inputs.policy })),
  look: async (it) => {
    const found = await it.ask("ecr", get, { repositoryName: it.id });
    return { repository: found.repositoryName, policy: found[property] };
  },
  remove: async ({ ask, id }) => void (await ask("ecr", remove, { repositoryName: id })),
});

const wireRules = (inputs: Properties): Properties[] =>
  listAt(inputs, "rules").map(({ repositoryFilters, ...rule }) => ({
    ...rule,
    ...(repositoryFilters !== undefined && { repositoryFilters }),
  }));

const scanning: Requests = {
  make: (it) => Promise.resolve(it.scope.account),
  put: async (it) =>
    void (await it.ask("ecr", "PutRegistryScanningConfiguration", {
      scanType: it.inputs.scanType,
      rules: wireRules(it.inputs),
    })),
  look: async (it) => {
    const found = await it.ask("ecr", "GetRegistryScanningConfiguration");
    return {
      scanType: at(found, "scanningConfiguration.scanType"),
      rules: at(found, "scanningConfiguration.rules"),
      registryId: found.registryId,
    };
  },
  remove: async ({ ask }) =>
    void (await ask("ecr", "PutRegistryScanningConfiguration", { scanType: "BASIC", rules: [] })),
};

export const registryRequests: Readonly<Record<string, Requests>> = {
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": policyOf(
    ...(["SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy", "policyText"] as const),
  ),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": policyOf(
    ...(["PutLifecyclePolicy", "GetLifecyclePolicy", "DeleteLifecyclePolicy", "lifecyclePolicyText"] as const),
  ),
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": scanning,
};
