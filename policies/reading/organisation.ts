import type { Examination } from "../examination";
import type { Properties } from "../rule";
import { undenied } from "./denials";
import { statementsOf, type PolicyStatement } from "./policy-document";

/** The component that plans what the organisation denies an account. */
export const guardrails = "cloister:index:Guardrails";

/** Statements of all policies that the organisation is to attach. */
export const organisationStatements = (props: Properties): PolicyStatement[] =>
  Object.values((props.serviceControlPolicies ?? {}) as Record<string, unknown>).flatMap((policy) =>
    statementsOf(policy),
  );

/**
 * Asks that the organisation denies each of these calls: the account's own rights then count for nothing.
 *
 * @param butDeployers the roles that deploy may be left out, by their ARN.
 */
export function askOrganisation(
  props: Properties,
  examination: Examination,
  actions: readonly string[],
  butDeployers = false,
): void {
  const path = "serviceControlPolicies";
  examination.ask(path, () => {
    const free = undenied(organisationStatements(props), actions, { butNames: butDeployers });
    return free.length === 0 ? undefined : `the organisation denies nobody ${free.join(", ")}`;
  });
}

const root = /^(ArnLike|ArnEquals|StringLike|StringEquals) aws:PrincipalArn arn:aws[\w-]*:iam::(\d{12}|\*):root$/;

/** Asks that the account's root, whom no policy of the account itself binds, is denied everything. */
export function askRootless(props: Properties, examination: Examination): void {
  examination.ask("serviceControlPolicies", () => {
    const bound = organisationStatements(props).some(
      ({ allows, actions, resources, conditions }) =>
        !allows &&
        actions.includes("*") &&
        resources.includes("*") &&
        conditions.length === 1 &&
        root.test(conditions[0]!),
    );
    return bound ? undefined : "the organisation leaves the root of the account every right";
  });
}
