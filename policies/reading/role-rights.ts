import type { Context, Properties, Subject } from "../rule";
import { known, linked } from "./links";
import { statementsOf, type PolicyStatement } from "./policy-document";

export interface RoleRights {
  readonly statements: readonly PolicyStatement[];
  /** True where a right may or may not be the role's, or is not known yet. */
  readonly uncertain: boolean;
}

/** All that a role may do: its own policies, those in it, those attached to it, and those of its service account's other roles. */
export function rightsOf(role: Subject, context: Context): RoleRights {
  const roles = [role, ...companionsOf(role, context)];
  const documents: unknown[] = [];
  let uncertain = false;
  const take = (read: () => unknown): void => {
    const value = known(read);
    if (!value.known) uncertain = true;
    else if (value.value !== undefined) documents.push(value.value);
  };
  for (const one of roles) {
    const identities = [() => one.props.name as unknown, () => one.props.id as unknown];
    const own = linked(one, ["aws:iam/rolePolicy:RolePolicy"], "role", context, identities);
    const attached = linked(one, ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"], "role", context, identities);
    uncertain ||= own.uncertain || attached.uncertain;
    for (const { props } of own.found) take(() => props.policy as unknown);
    for (const attachment of attached.found) {
      const policy = policyOf(attachment, context);
      if (policy !== undefined) take(() => policy.props.policy as unknown);
    }
    const inline = known(() => (one.props.inlinePolicies ?? []) as unknown);
    if (!inline.known) uncertain = true;
    else for (const item of inline.value as Properties[]) take(() => item?.policy as unknown);
  }
  return { statements: documents.flatMap((document) => statementsOf(document)), uncertain };
}

/** The policy of this stack that an attachment names; AWS' own are not among them. */
function policyOf(attachment: Subject, { resources }: Context): Subject | undefined {
  const origins = attachment.origins?.policyArn ?? [];
  const arn = known(() => attachment.props.policyArn as unknown);
  return resources.find((one) => {
    if (one.type !== "aws:iam/policy:Policy") return false;
    if (origins.length > 0) return origins.includes(one.urn);
    const own = known(() => one.props.arn as unknown);
    return arn.known && own.known && own.value !== undefined && own.value === arn.value;
  });
}

/** Roles that the same service account may become. */
function companionsOf(role: Subject, { resources }: Context): Subject[] {
  const associations = resources.filter(({ type }) => type === "aws:eks/podIdentityAssociation:PodIdentityAssociation");
  const roleOf = (association: Subject): Subject | undefined =>
    resources.find((one) => one.type === role.type && (association.origins?.roleArn ?? []).includes(one.urn));
  const accountOf = ({ props }: Subject) => known(() => `${props.namespace}/${props.serviceAccount}`);
  const mine = associations.filter((association) => roleOf(association)?.urn === role.urn).map(accountOf);
  return associations
    .filter((association) => {
      const account = accountOf(association);
      return account.known && mine.some((own) => own.known && own.value === account.value);
    })
    .flatMap((association) => roleOf(association) ?? [])
    .filter(({ urn }) => urn !== role.urn);
}
