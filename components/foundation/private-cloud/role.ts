import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** All of one IAM role, decided before it exists. */
export interface RolePlan {
  /** Plain, not autonamed: key policies and grants name the role before it exists. At most 64 characters. */
  readonly name: string;
  readonly description: string;
  readonly trust: string;
  /** ARNs of policies that AWS maintains. */
  readonly managed?: readonly string[];
  /** JSON of the role's own policies, by name. */
  readonly own?: Readonly<Record<string, string>>;
}

export interface LaidRole {
  readonly arn: pulumi.Output<string>;
  /** What must exist before anybody relies on the role's rights. */
  readonly rights: pulumi.Resource[];
}

/** Lays a role and its policies as children of `parent`. */
export function layRole(name: string, plan: RolePlan, parent: pulumi.Resource): LaidRole {
  const role = new aws.iam.Role(
    name,
    { name: plan.name, description: plan.description, assumeRolePolicy: plan.trust },
    { parent },
  );
  const managed = (plan.managed ?? []).map(
    (policyArn) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policyArn.slice(policyArn.lastIndexOf("/") + 1)}`,
        { role: role.name, policyArn },
        { parent },
      ),
  );
  const own = Object.entries(plan.own ?? {}).map(
    ([key, policy]) => new aws.iam.RolePolicy(`${name}-${key}`, { role: role.name, name: key, policy }, { parent }),
  );
  return { arn: role.arn, rights: [role, ...managed, ...own] };
}
