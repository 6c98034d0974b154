import { controlsOf } from "../../catalogue";
import { askStatements } from "../../reading/policy-document";
import type { Rule } from "../../rule";

/** A user, or a whole account and so its users. Who comes from another role has signed in where that one was taken. */
const isPerson = (principal: string): boolean => principal.startsWith("AWS ") && !principal.includes(":role/");

export const iam05: Rule = {
  id: "IAM-05",
  title: "People's roles need multi-factor sign-in",
  severity: "high",
  scope: "resource",
  types: ["aws:iam/role:Role"],
  remediation:
    "Let people become a role by SAML or OIDC sign-on, or demand aws:MultiFactorAuthPresent in assumeRolePolicy.",
  supports: controlsOf("IAM-05"),
  check(role, examination) {
    const people: string[] = [];
    askStatements(
      "assumeRolePolicy",
      () => role.props.assumeRolePolicy as unknown,
      examination,
      (statement) => {
        const accounts = statement.principals.filter(isPerson);
        if (!statement.allows || accounts.length === 0) return undefined;
        people.push(...accounts);
        const factors = statement.conditions.some((one) => one === "Bool aws:MultiFactorAuthPresent true");
        return factors ? undefined : `${accounts.join(", ")} may become it without a second factor`;
      },
    );
    if (people.length === 0) examination.notApplicable("only services and other roles become it");
  },
};
