import type { Properties } from "../../provider";
import { text } from "../definition";
import type { Asking, Requests } from "./asked-kind";
import { at, capitals, given, listAt, tagChanges, tagList, tagsOf, textAt } from "./wire";

const capitalsOf = (inputs: Properties, ...names: readonly string[]) => capitals(given(inputs, ...names)) as Properties;

/** IAM gives documents as the text that was put, URL-encoded on the wire and decoded by botocore. */
const document = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

async function retag(it: Asking, kind: "Role" | "Policy", target: Properties): Promise<void> {
  const changes = tagChanges(it);
  if (changes?.gone.length) await it.ask("iam", `Untag${kind}`, { ...target, TagKeys: changes.gone });
  if (changes?.set) await it.ask("iam", `Tag${kind}`, { ...target, Tags: tagList(it.inputs) });
}

const role: Requests = {
  make: async (it) => {
    const name = text(it.inputs, "name");
    await it.make("iam", "CreateRole", {
      RoleName: name,
      AssumeRolePolicyDocument: it.inputs.assumeRolePolicy,
      MaxSessionDuration: it.inputs.maxSessionDuration,
      ...capitalsOf(it.inputs, "path", "description", "permissionsBoundary"),
      Tags: tagList(it.inputs),
    });
    return name;
  },
  put: async (it) => {
    if (!it.before) return;
    const RoleName = it.id;
    await it.ask("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument: it.inputs.assumeRolePolicy });
    await it.ask("iam", "UpdateRole", {
      RoleName,
      Description: text(it.inputs, "description"),
      MaxSessionDuration: it.inputs.maxSessionDuration,
    });
    await retag(it, "Role", { RoleName });
  },
  look: async (it) => {
    const found = at(await it.ask("iam", "GetRole", { RoleName: it.id }), "Role") as Properties;
    return {
      name: found.RoleName,
      path: found.Path,
      assumeRolePolicy: document(found.AssumeRolePolicyDocument),
      ...(it.inputs.description !== undefined && { description: found.Description }),
      maxSessionDuration: found.MaxSessionDuration,
      arn: found.Arn,
      uniqueId: found.RoleId,
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id }) => void (await ask("iam", "DeleteRole", { RoleName: id })),
};

const owned = ({ inputs }: Asking) => ({ RoleName: text(inputs, "role"), PolicyName: text(inputs, "name") });

const rolePolicy: Requests = {
  make: (it) => Promise.resolve(`${text(it.inputs, "role")}:${text(it.inputs, "name")}`),
  put: async (it) => void (await it.ask("iam", "PutRolePolicy", { ...owned(it), PolicyDocument: it.inputs.policy })),
  look: async (it) => ({ policy: document((await it.ask("iam", "GetRolePolicy", owned(it))).PolicyDocument) }),
  remove: async (it) => void (await it.ask("iam", "DeleteRolePolicy", owned(it))),
};

const attached = ({ inputs }: Asking) => ({ RoleName: text(inputs, "role"), PolicyArn: text(inputs, "policyArn") });

const attachment: Requests = {
  make: async (it) => {
    const { RoleName, PolicyArn } = attached(it);
    await it.make("iam", "AttachRolePolicy", { RoleName, PolicyArn });
    return `${RoleName}/${PolicyArn}`;
  },
  look: async (it) => {
    const { RoleName, PolicyArn } = attached(it);
    const answer = await it.ask("iam", "ListAttachedRolePolicies", { RoleName });
    const found = listAt(answer, "AttachedPolicies").find((one) => one.PolicyArn === PolicyArn);
    return found && { role: RoleName, policyArn: PolicyArn };
  },
  remove: async (it) => void (await it.ask("iam", "DetachRolePolicy", attached(it))),
};

const policy: Requests = {
  make: async (it) =>
    textAt(
      await it.make("iam", "CreatePolicy", {
        PolicyName: text(it.inputs, "name"),
        PolicyDocument: it.inputs.policy,
        ...capitalsOf(it.inputs, "path", "description"),
        Tags: tagList(it.inputs),
      }),
      "Policy.Arn",
    ),
  put: async (it) => {
    if (!it.before) return;
    const PolicyArn = it.id;
    if (it.before.policy !== it.inputs.policy) {
      const held = listAt(await it.ask("iam", "ListPolicyVersions", { PolicyArn }), "Versions");
      const oldest = held.findLast((version) => version.IsDefaultVersion !== true);
      // Five are the most that IAM keeps.
      if (held.length >= 5 && oldest) {
        await it.ask("iam", "DeletePolicyVersion", { PolicyArn, VersionId: oldest.VersionId });
      }
      const PolicyDocument = it.inputs.policy;
      await it.ask("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
    }
    await retag(it, "Policy", { PolicyArn });
  },
  look: async (it) => {
    const found = at(await it.ask("iam", "GetPolicy", { PolicyArn: it.id }), "Policy") as Properties;
    const VersionId = found.DefaultVersionId;
    const version = await it.ask("iam", "GetPolicyVersion", { PolicyArn: it.id, VersionId });
    return {
      name: found.PolicyName,
      path: found.Path,
      policy: document(at(version, "PolicyVersion.Document")),
      ...(it.inputs.description !== undefined && { description: found.Description }),
      arn: found.Arn,
      policyId: found.PolicyId,
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id }) => {
    const versions = listAt(await ask("iam", "ListPolicyVersions", { PolicyArn: id }), "Versions");
    for (const { VersionId, IsDefaultVersion } of versions) {
      if (IsDefaultVersion !== true) await ask("iam", "DeletePolicyVersion", { PolicyArn: id, VersionId });
    }
    await ask("iam", "DeletePolicy", { PolicyArn: id });
  },
};

const passwordRules = [
  ...["minimumPasswordLength", "requireSymbols", "requireNumbers", "requireUppercaseCharacters", "maxPasswordAge"],
  ...["requireLowercaseCharacters", "allowUsersToChangePassword", "passwordReusePrevention", "hardExpiry"],
];

const passwordPolicy: Requests = {
  make: () => Promise.resolve("iam-account-password-policy"),
  put: async (it) => void (await it.ask("iam", "UpdateAccountPasswordPolicy", capitalsOf(it.inputs, ...passwordRules))),
  look: async (it) => {
    const found = at(await it.ask("iam", "GetAccountPasswordPolicy"), "PasswordPolicy") as Properties;
    const names = passwordRules.filter((name) => it.inputs[name] !== undefined);
    return Object.fromEntries(names.map((name) => [name, found[name.charAt(0).toUpperCase() + name.slice(1)]]));
  },
  remove: async ({ ask }) => void (await ask("iam", "DeleteAccountPasswordPolicy")),
};

export const identityRequests: Readonly<Record<string, Requests>> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
  "aws:iam/policy:Policy": policy,
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": passwordPolicy,
};
