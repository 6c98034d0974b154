import type { Examination } from "../examination";
import type { Properties } from "../rule";

/** One statement of an IAM, key, bucket or endpoint policy, with every list as a list. */
export interface PolicyStatement {
  /** Its Sid, or its place where it has none. */
  readonly name: string;
  readonly allows: boolean;
  /** What no policy may be like, whatever it is for; undefined where it is as policies are. */
  readonly unsound?: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `*`, or kind and name such as `AWS arn:…` or `Service logs.amazonaws.com`. */
  readonly principals: readonly string[];
  /** Operator, key and values, such as `Bool aws:SecureTransport false`. */
  readonly conditions: readonly string[];
}

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

function principalsOf(principal: unknown): string[] {
  if (principal === undefined || typeof principal === "string") return listOf(principal);
  return Object.entries(principal as Record<string, unknown>).flatMap(([kind, names]) =>
    listOf(names).map((name) => (name === "*" ? "*" : `${kind} ${name}`)),
  );
}

function conditionsOf(condition: unknown, allows: boolean): string[] {
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) =>
    Object.entries(keys)
      // What anything at all meets narrows no right; of a denial it may still leave out whoever lacks the key.
      .filter(([, values]) => !allows || negative.test(operator) || !listOf(values).includes("*"))
      .map(([key, values]) => `${operator} ${key} ${listOf(values).join(" ")}`),
  );
}

/** Operators that are met by whatever is not named. */
const negative = /Not(Equals|Like|IpAddress)|^NotIpAddress/;

function unsoundness(version: unknown, { Effect, Action, NotAction, Principal, Condition }: Properties) {
  if (version !== undefined && version !== "2012-10-17")
    return `its version is ${JSON.stringify(version)}; wanted "2012-10-17"`;
  if (Effect !== "Allow" && Effect !== "Deny") return `its effect is ${String(Effect)}; wanted Allow or Deny`;
  const action = [...listOf(Action), ...listOf(NotAction)].find(
    (one) => one !== "*" && !/^[a-z0-9-]+:[\w*?]+$/.test(one),
  );
  if (action !== undefined) return `${action} is no action`;
  const services = listOf((Principal as Record<string, unknown> | undefined)?.["Service"]);
  const service = services.find((name) => !/\.amazonaws\.com(\.cn)?$/.test(name));
  if (service !== undefined) return `${service} is no service of the provider`;
  const exempt = Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>).some(
    ([operator, keys]) => negative.test(operator) && Object.values(keys).some((values) => listOf(values).includes("*")),
  );
  return exempt ? "it exempts everyone, so it says nothing" : undefined;
}

/**
 * The statements of a policy, given as JSON text or as an object.
 *
 * @throws UnknownValue where the policy is not known yet; SyntaxError where it is no JSON.
 */
export function statementsOf(document: unknown): PolicyStatement[] {
  const policy: Properties = typeof document === "string" ? (JSON.parse(document) as unknown) : document;
  const statements: Properties[] = [policy?.Statement ?? []].flat();
  return statements.map((statement, index) => ({
    name: String(statement.Sid ?? index),
    allows: statement.Effect === "Allow",
    actions: listOf(statement.Action),
    notActions: listOf(statement.NotAction),
    resources: listOf(statement.Resource),
    notResources: listOf(statement.NotResource),
    principals: principalsOf(statement.Principal),
    conditions: conditionsOf(statement.Condition, statement.Effect === "Allow"),
    unsound: unsoundness(policy?.Version, statement),
  }));
}

/** Asks one question of each statement. What is no JSON is wrong by itself. */
export function askStatements(
  path: string,
  document: () => unknown,
  examination: Examination,
  question: (statement: PolicyStatement) => string | undefined,
): void {
  examination.within(path, () => {
    const text = document();
    if (text === undefined) return;
    let statements: PolicyStatement[];
    try {
      statements = statementsOf(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return examination.ask(path, () => "it is no JSON");
    }
    for (const statement of statements) {
      examination.ask(`${path} ${statement.name}`, () => statement.unsound ?? question(statement));
    }
  });
}

/** Whether an action of a policy, which may hold `*`, covers a plain one. */
export function covers(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

/** Whether a statement is narrowed to something by one of these condition keys, such as `aws:PrincipalAccount`. */
export const conditionedBy = ({ conditions }: PolicyStatement, keys: readonly string[]): boolean =>
  conditions.some(
    (condition) => !negative.test(condition.split(" ")[0] ?? "") && keys.some((key) => condition.includes(` ${key} `)),
  );
