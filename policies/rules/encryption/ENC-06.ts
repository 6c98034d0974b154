import { controlsOf } from "../../catalogue";
import { askStatements, covers, statementsOf, type PolicyStatement } from "../../reading/policy-document";
import type { Rule } from "../../rule";

const administration = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"];
const use = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"];

/** What a caller of one's own account, or a service that speaks for it, is known by. */
const ownAccount =
  / (aws:PrincipalAccount|aws:PrincipalArn|aws:PrincipalOrgID|kms:CallerAccount|aws:SourceAccount|aws:SourceArn) /;

const byArn = /^(?:Arn|String)(?:Equals|Like) aws:PrincipalArn (.+)$/;

/** A role that does not exist yet is named by a condition on the whole account. */
const narrowed = ({ conditions }: PolicyStatement): string[] | undefined =>
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
      ({ allows, principals, actions, conditions }) => {
        if (!allows) return undefined;
        if (principals.includes("*") && conditions.length === 0) return "everyone is named, without a condition";
        if (principals.includes("*") && !conditions.some((one) => ownAccount.test(one)))
          return "everyone is named, and no condition keeps to the account";
        if (actions.some((action) => action === "kms:*" || action === "*"))
          return "one principal may administer and use it";
        return undefined;
      },
    );
    examination.ask("policy", () => {
      const holders = (actions: readonly string[]) => holdersOf(props.policy, actions);
      const administrators = holders(administration);
      const both = holders(use).filter((principal) => administrators.includes(principal));
      return both.length === 0 ? undefined : `${both.join(", ")} may administer the key and use it`;
    });
  },
};
