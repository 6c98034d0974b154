import { covers, type PolicyStatement } from "./policy-document";

/** Who is left out of a denial by name: roles of an account, never a pattern of them. */
const exemptsNames = /^(ArnNotEquals|ArnNotLike|StringNotEquals) aws:PrincipalArn /;

export interface DenialOptions {
  /** Names may be left out of the denial. Default: false. */
  readonly butNames?: boolean;
  /** Another condition that a denial may have, such as `Bool aws:SecureTransport false`. Default: none. */
  readonly when?: string;
}

/**
 * The actions that no statement denies to everyone, on all that the policy speaks of. A denial under any other condition
 * denies to some only, so it counts for nothing.
 */
export function undenied(
  statements: readonly PolicyStatement[],
  actions: readonly string[],
  options: DenialOptions = {},
): string[] {
  const denials = statements.filter((statement) => deniesEveryone(statement, options));
  return actions.filter((action) => !denials.some((denial) => denial.actions.some((one) => covers(one, action))));
}

function deniesEveryone(statement: PolicyStatement, { butNames = false, when }: DenialOptions): boolean {
  const { allows, unsound, principals, resources, conditions } = statement;
  if (allows || unsound !== undefined) return false;
  // An organisation's policy names no principal, and a repository's no resource: both mean all.
  if (principals.length > 0 && !principals.includes("*")) return false;
  if (resources.length > 0 && !resources.some((one) => one === "*" || one.startsWith("arn:"))) return false;
  const met = (condition: string) =>
    condition === when || (butNames && exemptsNames.test(condition) && !condition.includes("*"));
  return conditions.every(met) && (when === undefined || conditions.includes(when));
}
