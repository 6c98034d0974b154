import type { Properties } from "../../provider";
import { text } from "../definition";
import type { Asking, Requests } from "./asked-kind";
import { at, given, listAt, tagChanges, tagList, tagMap, tagsOf, textAt } from "./wire";

async function retagKey(it: Asking): Promise<void> {
  const changes = tagChanges(it);
  if (changes?.gone.length) await it.ask("kms", "UntagResource", { KeyId: it.id, TagKeys: changes.gone });
  if (changes?.set) {
    await it.ask("kms", "TagResource", { KeyId: it.id, Tags: tagList(it.inputs, "TagKey", "TagValue") });
  }
}

const key: Requests = {
  make: async (it) =>
    textAt(
      await it.make("kms", "CreateKey", {
        KeySpec: it.inputs.customerMasterKeySpec,
        KeyUsage: it.inputs.keyUsage,
        ...(it.inputs.policy !== undefined && { Policy: it.inputs.policy }),
        ...(it.inputs.description !== undefined && { Description: it.inputs.description }),
        ...(it.inputs.multiRegion !== undefined && { MultiRegion: it.inputs.multiRegion }),
        Tags: tagList(it.inputs, "TagKey", "TagValue"),
      }),
      "KeyMetadata.KeyId",
    ),
  put: async (it) => {
    const KeyId = it.id;
    const rotation = it.inputs.enableKeyRotation === true ? "EnableKeyRotation" : "DisableKeyRotation";
    if (it.inputs.customerMasterKeySpec === "SYMMETRIC_DEFAULT") {
      const period = it.inputs.rotationPeriodInDays;
      await it.ask("kms", rotation, {
        KeyId,
        ...(period !== undefined && rotation === "EnableKeyRotation" && { RotationPeriodInDays: period }),
      });
    }
    if (!it.before) return;
    if (it.inputs.policy !== undefined) {
      await it.ask("kms", "PutKeyPolicy", { KeyId, PolicyName: "default", Policy: it.inputs.policy });
    }
    await it.ask("kms", "UpdateKeyDescription", { KeyId, Description: text(it.inputs, "description") });
    await retagKey(it);
  },
  look: async (it) => {
    const KeyId = it.id;
    const found = at(await it.ask("kms", "DescribeKey", { KeyId }), "KeyMetadata") as Properties;
    if (found.KeyState === "PendingDeletion") return undefined;
    const isSymmetric = found.KeySpec === "SYMMETRIC_DEFAULT";
    const [policy, tags, rotation] = await Promise.all([
      it.ask("kms", "GetKeyPolicy", { KeyId, PolicyName: "default" }),
      it.ask("kms", "ListResourceTags", { KeyId }),
      isSymmetric ? it.ask("kms", "GetKeyRotationStatus", { KeyId }) : Promise.resolve<Properties>({}),
    ]);
    return {
      customerMasterKeySpec: found.KeySpec,
      keyUsage: found.KeyUsage,
      isEnabled: found.Enabled,
      enableKeyRotation: rotation.KeyRotationEnabled ?? false,
      ...(it.inputs.description !== undefined && { description: found.Description }),
      ...(it.inputs.policy !== undefined && { policy: policy.Policy }),
      arn: found.Arn,
      keyId: found.KeyId,
      tags: tagsOf(listAt(tags, "Tags"), "TagKey", "TagValue"),
    };
  },
  remove: async ({ ask, id, inputs }) =>
    void (await ask("kms", "ScheduleKeyDeletion", {
      KeyId: id,
      PendingWindowInDays: inputs.deletionWindowInDays ?? 30,
    })),
};

const alias: Requests = {
  make: async (it) => {
    const name = text(it.inputs, "name");
    await it.make("kms", "CreateAlias", { AliasName: name, TargetKeyId: it.inputs.targetKeyId });
    return name;
  },
  put: async (it) => {
    if (it.before) await it.ask("kms", "UpdateAlias", { AliasName: it.id, TargetKeyId: it.inputs.targetKeyId });
  },
  look: async (it) => {
    const found = listAt(await it.ask("kms", "ListAliases"), "Aliases").find((one) => one.AliasName === it.id);
    if (!found) return undefined;
    // The key may have been declared by its ARN.
    const declared = text(it.inputs, "targetKeyId");
    const isSame = declared.endsWith(`/${textAt(found, "TargetKeyId")}`);
    return { name: found.AliasName, targetKeyId: isSame ? declared : found.TargetKeyId };
  },
  remove: async ({ ask, id }) => void (await ask("kms", "DeleteAlias", { AliasName: id })),
};

const logGroup: Requests = {
  make: async (it) => {
    const tags = tagMap(it.inputs);
    await it.make("logs", "CreateLogGroup", {
      logGroupName: it.inputs.name,
      ...given(it.inputs, "kmsKeyId", "logGroupClass"),
      ...(Object.keys(tags).length && { tags }),
    });
    return text(it.inputs, "name");
  },
  put: async (it) => {
    const logGroupName = it.id;
    const retentionInDays = it.inputs.retentionInDays ?? 0;
    if (retentionInDays !== 0) await it.ask("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
    else if (it.before) await it.ask("logs", "DeleteRetentionPolicy", { logGroupName });
    const changes = tagChanges(it);
    if (changes?.gone.length) await it.ask("logs", "UntagLogGroup", { logGroupName, tags: changes.gone });
    if (changes?.set) await it.ask("logs", "TagLogGroup", { logGroupName, tags: tagMap(it.inputs) });
  },
  look: async (it) => {
    const answer = await it.ask("logs", "DescribeLogGroups", { logGroupNamePrefix: it.id });
    const found = listAt(answer, "logGroups").find((one) => one.logGroupName === it.id);
    if (!found) return undefined;
    const { tags = {} } = await it.ask("logs", "ListTagsLogGroup", { logGroupName: it.id });
    return {
      name: found.logGroupName,
      retentionInDays: found.retentionInDays ?? 0,
      kmsKeyId: found.kmsKeyId,
      tags,
    };
  },
  remove: async ({ ask, id }) => void (await ask("logs", "DeleteLogGroup", { logGroupName: id })),
};

const secret: Requests = {
  make: async (it) =>
    textAt(
      await it.make("secretsmanager", "CreateSecret", {
        Name: it.inputs.name,
        ...(it.inputs.description !== undefined && { Description: it.inputs.description }),
        ...(it.inputs.kmsKeyId !== undefined && { KmsKeyId: it.inputs.kmsKeyId }),
        Tags: tagList(it.inputs),
      }),
      "ARN",
    ),
  put: async (it) => {
    const SecretId = it.id;
    if (it.inputs.policy !== undefined) {
      await it.ask("secretsmanager", "PutResourcePolicy", { SecretId, ResourcePolicy: it.inputs.policy });
    }
    const changes = tagChanges(it);
    if (changes?.gone.length) await it.ask("secretsmanager", "UntagResource", { SecretId, TagKeys: changes.gone });
    if (changes?.set) await it.ask("secretsmanager", "TagResource", { SecretId, Tags: tagList(it.inputs) });
    if (it.before && (it.before.description !== it.inputs.description || it.before.kmsKeyId !== it.inputs.kmsKeyId)) {
      await it.ask("secretsmanager", "UpdateSecret", {
        SecretId,
        Description: text(it.inputs, "description"),
        ...(it.inputs.kmsKeyId !== undefined && { KmsKeyId: it.inputs.kmsKeyId }),
      });
    }
  },
  look: async (it) => {
    const found = await it.ask("secretsmanager", "DescribeSecret", { SecretId: it.id });
    if (found.DeletedDate !== undefined) return undefined;
    return {
      name: found.Name,
      kmsKeyId: found.KmsKeyId,
      ...(it.inputs.description !== undefined && { description: found.Description }),
      arn: found.ARN,
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id, inputs }) => {
    const days = inputs.recoveryWindowInDays ?? 30;
    const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
    await ask("secretsmanager", "DeleteSecret", { SecretId: id, ...how });
  },
};

const secretPolicy: Requests = {
  make: (it) => Promise.resolve(text(it.inputs, "secretArn")),
  put: async (it) =>
    void (await it.ask("secretsmanager", "PutResourcePolicy", {
      SecretId: it.id,
      ResourcePolicy: it.inputs.policy,
      ...(it.inputs.blockPublicPolicy !== undefined && { BlockPublicPolicy: it.inputs.blockPublicPolicy }),
    })),
  look: async (it) => {
    const found = await it.ask("secretsmanager", "GetResourcePolicy", { SecretId: it.id });
    return found.ResourcePolicy === undefined
      ? undefined
      : { secretArn: found.ARN ?? it.id, policy: found.ResourcePolicy };
  },
  remove: async ({ ask, id }) => void (await ask("secretsmanager", "DeleteResourcePolicy", { SecretId: id })),
};

export const keyAndLogRequests: Readonly<Record<string, Requests>> = {
  "aws:kms/key:Key": key,
  "aws:kms/alias:Alias": alias,
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretPolicy:SecretPolicy": secretPolicy,
};
