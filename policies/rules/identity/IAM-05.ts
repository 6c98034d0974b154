import { controlsOf } from "../../catalogue";
import { askStatements } from "../../reading/policy-document";
import type { Examination } from "../../examination";
import type { Properties, Rule } from "../../rule";

/** A user, or a whole account and so its users. Who comes from another role has signed in where that one was taken. */
const isPerson = (principal: string): boolean => principal.startsWith("AWS ") && !principal.includes(":role/");

/** CIS AWS 1.8 and 1.9 for length and reuse, PCI DSS 8.3.6 and 8.3.9 for the rest. */
function passwords(props: Properties, examination: Examination): void {
  const number = (property: string, least: number, most: number) =>
    examination.ask(property, () => {
      const value = Number(props[property] ?? 0);
      return value >= least && value <= most ? undefined : `it is ${value}; wanted ${least} to ${most}`;
    });
  number("minimumPasswordLength", 14, 128);
  number("passwordReusePrevention", 24, 24);
  number("maxPasswordAge", 1, 90);
  for (const property of [
    "requireLowercaseCharacters",
    "requireUppercaseCharacters",
    "requireNumbers",
    "requireSymbols",
    "allowUsersToChangePassword",
  ]) {
    examination.ask(property, () => (props[property] === true ? undefined : "it is not asked for"));
  }
}

/** A policy that speaks of the second factor and denies: without it everything, everywhere, and under no other condition. */
function secondFactor(props: Properties, examination: Examination): void {
  let speaks = false;
  askStatements(
    "policy",
    () => props.policy as unknown,
    examination,
    ({ allows, actions, resources, conditions }) => {
      if (allows || !conditions.some((one) => one.includes(" aws:MultiFactorAuthPresent "))) return undefined;
      speaks = true;
      if (!actions.includes("*") || !resources.includes("*")) return "without a second factor something stays allowed";
      const met = conditions.length === 1 && /^Bool(IfExists)? aws:MultiFactorAuthPresent false$/.test(conditions[0]!);
      return met ? undefined : "it is not met by every sign-in without a second factor";
    },
  );
  if (!speaks) examination.notApplicable("it says nothing of a second factor");
}

export const iam05: Rule = {
  id: "IAM-05",
  title: "People's roles need multi-factor sign-in",
  severity: "high",
  scope: "resource",
  types: ["aws:iam/role:Role", "aws:iam/policy:Policy", "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"],
  remediation:
    "Let people become a role by SAML or OIDC sign-on, or demand aws:MultiFactorAuthPresent in assumeRolePolicy.",
  supports: controlsOf("IAM-05"),
  check(role, examination) {
    if (role.type.endsWith(":Policy")) return secondFactor(role.props, examination);
    if (!role.type.endsWith(":Role")) return passwords(role.props, examination);
    const people: string[] = [];
    askStatements(
      "assumeRolePolicy",
      () => role.props.assumeRolePolicy as unknown,
      examination,
      (statement) => {
        const accounts = statement.principals.filter(isPerson);
        if (!statement.allows || accounts.length === 0) return undefined;
        people.push(...accounts);
        const refused = statement.conditions.some((one) => /aws:MultiFactorAuthPresent false$/.test(one));
        if (refused) return "it asks for a sign-in without a second factor";
        const factors = statement.conditions.some((one) => one === "Bool aws:MultiFactorAuthPresent true");
        return factors ? undefined : `${accounts.join(", ")} may become it without a second factor`;
      },
    );
    if (people.length === 0) examination.notApplicable("only services and other roles become it");
  },
};
