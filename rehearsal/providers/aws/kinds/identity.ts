import { arnOf, text } from "../definition";
import type { Definitions, Resource } from "../definition";
import { arn, between, matching, policy } from "../rules";

const name = (most: number) => ({
  property: "name",
  prefixProperty: "namePrefix",
  rule: matching(new RegExp(`^[\\w+=,.@-]{1,${most}}$`), `1 to ${most} letters, digits, or any of _ + = , . @ -`),
});
const path = matching(/^\/([\x21-\x7e]{0,510}\/)?$/, "a path that begins and ends with /");

const named = (resource: Resource, kind: string): string =>
  arnOf(resource, "iam", `${kind}${text(resource.inputs, "path")}${text(resource.inputs, "name")}`, {
    regional: false,
  });

const unique = (prefix: string, { digits }: Resource): string => prefix + digits(17, "unique").toUpperCase();

export const identityKinds: Definitions = {
  "aws:iam/role:Role": {
    name: name(64),
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    replaceOn: ["name", "namePrefix", "path"],
    rules: {
      assumeRolePolicy: policy,
      maxSessionDuration: between(3600, 43200, "seconds"),
      path,
      permissionsBoundary: arn("iam"),
      "managedPolicyArns[*]": arn("iam"),
      "inlinePolicies[*].policy": policy,
      description: matching(/^.{0,1000}$/s, "at most 1000 characters"),
    },
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({
      arn: named(resource, "role"),
      uniqueId: unique("AROA", resource),
      createDate: resource.before?.createDate ?? new Date().toISOString(),
    }),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    name: name(128),
    replaceOn: ["name", "namePrefix", "role"],
    rules: { policy },
    id: ({ inputs }) => `${text(inputs, "role")}:${text(inputs, "name")}`,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replaceOn: ["role", "policyArn"],
    rules: { policyArn: arn("iam") },
    id: ({ inputs }) => `${text(inputs, "role")}/${text(inputs, "policyArn")}`,
  },
  "aws:iam/policy:Policy": {
    name: name(128),
    defaults: { path: "/" },
    replaceOn: ["name", "namePrefix", "path", "description"],
    rules: { policy, path },
    id: (resource) => named(resource, "policy"),
    outputs: (resource) => ({
      arn: resource.id,
      policyId: unique("ANPA", resource),
      attachmentCount: resource.before?.attachmentCount ?? 0,
    }),
  },
};
