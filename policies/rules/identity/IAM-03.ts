import { controlsOf } from "../../catalogue";
import { askStatements } from "../../reading/policy-document";
import type { Rule } from "../../rule";

export const iam03: Rule = {
  id: "IAM-03",
  title: "No cloud role trusts everyone; federated trust names subject and audience exactly",
  severity: "critical",
  scope: "resource",
  types: ["aws:iam/role:Role"],
  remediation:
    "Name in assumeRolePolicy the service or the roles that may become it; bind web identities by :sub and :aud with StringEquals.",
  supports: controlsOf("IAM-03"),
  check(role, examination) {
    askStatements(
      "assumeRolePolicy",
      () => role.props.assumeRolePolicy as unknown,
      examination,
      (statement) => {
        if (!statement.allows) return undefined;
        if (statement.principals.some((name) => name === "*" || name.endsWith("AWS *")))
          return "everyone may become it";
        if (!statement.actions.includes("sts:AssumeRoleWithWebIdentity")) return undefined;
        const exact = (claim: string) =>
          statement.conditions.some(
            (one) => one.startsWith("StringEquals ") && one.includes(`:${claim} `) && !one.includes("*"),
          );
        return exact("sub") && exact("aud")
          ? undefined
          : "a web identity is not bound by its exact subject and audience";
      },
    );
  },
};
