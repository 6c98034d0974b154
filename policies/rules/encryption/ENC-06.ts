import { controlsOf } from "../../catalogue";
import { askStatements, covers, statementsOf, type PolicyStatement } from "../../reading/policy-document";
import type { Rule } from "../../rule";

const administration = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"];
const use = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"];

/** What a service that speaks for one's own account is known by: it would speak for any other as well. */
const ownSource = /^(String|Arn)(Equals|Like) (aws:SourceAccount|aws:SourceArn|kms:EncryptionContext:aws:logs:arn) /;
const ofTrail = / kms:EncryptionContext:aws:cloudtrail:arn /;

/** What is wrong with a statement that hands a key to somebody. */
function handedTo(
  { principals, actions, conditions }: PolicyStatement,
  serving: () => readonly string[],
): string | undefined {
  const by = (key: string) =>
    conditions.some((one) => one.split(" ")[1] === key && !/Not/.test(one.split(" ")[0] ?? ""));
  const may = (wanted: readonly string[]) => wanted.some((one) => actions.some((pattern) => covers(pattern, one)));
  // AWS's own way for storage services: whoever of the account comes through the service.
  if (principals.includes("*") && !(by("kms:CallerAccount") && by("kms:ViaService"))) {
    return "everyone is named, and no condition keeps to the account and one service of it";
  }
  if (actions.some((action) => action === "kms:*" || action === "*")) return "one principal may administer and use it";
  const service = principals.find((name) => name.startsWith("Service "));
  if (service !== undefined && !conditions.some((one) => ownSource.test(one))) {
    return `${service.slice(8)} may use it for anybody: no source of one's own is named`;
  }
  if (
    service === "Service cloudtrail.amazonaws.com" &&
    may(["kms:GenerateDataKey"]) &&
    !conditions.some((one) => ofTrail.test(one))
  ) {
    return "the trail's keys are not bound to trails of the account";
  }
  if (may(["kms:CreateGrant"]) && !conditions.includes("Bool kms:GrantIsForAWSResource true")) {
    return "it may be granted on to anybody";
  }
  const account = principals.some((name) => /^AWS arn:[^ ]*:root$/.test(name));
  if (account && may([...use, "kms:CreateGrant"]) && !by("aws:PrincipalArn")) return "the whole account may use it";
  const named = narrowed({ conditions }) ?? [];
  const outside =
    account &&
    may([...use, "kms:CreateGrant"]) &&
    !by("kms:ViaService") &&
    !named.every((role) => serving().includes(role));
  return outside ? `${named.join(", ")} may use it outside of the service that it is for` : undefined;
}

/**
 * Roles that hand the key on to the provider's own resources, and are bound to no service anywhere: what they use it for is
 * the business of the service that takes them.
 */
function servingRoles(policy: unknown): string[] {
  const allowing = statementsOf(policy).filter(({ allows }) => allows);
  const bound = allowing.filter(viaService).flatMap((statement) => narrowed(statement) ?? []);
  return allowing
    .filter(({ conditions }) => conditions.includes("Bool kms:GrantIsForAWSResource true"))
    .flatMap((statement) => narrowed(statement) ?? [])
    .filter((role) => !bound.includes(role));
}

const viaService = ({ conditions }: PolicyStatement): boolean =>
  conditions.some((one) => one.split(" ")[1] === "kms:ViaService");

const byArn = /^(?:Arn|String)(?:Equals|Like) aws:PrincipalArn (.+)$/;

/** A role that does not exist yet is named by a condition on the whole account. */
const narrowed = ({ conditions }: Pick<PolicyStatement, "conditions">): string[] | undefined =>
  conditions
    .map((condition) => byArn.exec(condition)?.[1])
    .find((names) => names !== undefined)
    ?.split(" ");

/** Principals that may do one of the actions. */
function holdersOf(policy: unknown, wanted: readonly string[]): string[] {
  if (policy === undefined) return [];
  return statementsOf(policy)
    .filter(({ allows, actions }) => allows && wanted.some((one) => actions.some((pattern) => covers(pattern, one))))
    .flatMap((statement) => narrowed(statement) ?? statement.principals);
}

export const enc06: Rule = {
  id: "ENC-06",
  title: "No key policy names everyone, and who administers a key does not use it",
  severity: "critical",
  scope: "resource",
  types: ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/keyPolicy:KeyPolicy"],
  remediation: "Write a key policy that names roles, and give administration and use of the key to different ones.",
  supports: controlsOf("ENC-06"),
  check(subject, examination) {
    const { props } = subject;
    examination.ask("policy", () =>
      props.policy ? undefined : "there is no policy of its own, so the account decides",
    );
    askStatements(
      "policy",
      () => props.policy as unknown,
      examination,
      (statement) => (statement.allows ? handedTo(statement, () => servingRoles(props.policy)) : undefined),
    );
    examination.ask("policy", () => {
      const holders = (actions: readonly string[]) => holdersOf(props.policy, actions);
      const administrators = holders(administration);
      const both = holders(use).filter((principal) => administrators.includes(principal));
      return both.length === 0 ? undefined : `${both.join(", ")} may administer the key and use it`;
    });
  },
};
