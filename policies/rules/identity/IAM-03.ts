import { controlsOf } from "../../catalogue";
import { parametersOf } from "../../controls/parameters";
import { askStatements, type PolicyStatement } from "../../reading/policy-document";
import type { Rule } from "../../rule";

const becoming = /^sts:(AssumeRole(WithWebIdentity|WithSAML)?|TagSession|SetSourceIdentity)$/;

/** Services that act for any account that asks them, and tell for whom: without a source they may be talked into ours. */
const deputies =
  /^Service (eks|pods\.eks|vpc-flow-logs|config|cloudtrail|delivery\.logs|scheduler|events)\.amazonaws\.com/;

function looseService({ principals, conditions }: PolicyStatement): string | undefined {
  const deputy = principals.find((name) => deputies.test(name));
  if (deputy === undefined) return undefined;
  const by = (key: string) =>
    conditions.some((one) => /^(String|Arn)(Equals|Like) /.test(one) && one.split(" ")[1] === key);
  if (!by("aws:SourceAccount")) return `${deputy.slice(8)} may become it for any account`;
  if (!deputy.includes("pods.eks")) return undefined;
  const missing = ["aws:SourceArn", "aws:RequestTag/kubernetes-namespace", "aws:RequestTag/kubernetes-service-account"];
  const unsaid = missing.filter((key) => !by(key));
  return unsaid.length === 0 ? undefined : `pods become it without ${unsaid.join(" and ")}`;
}

export const iam03: Rule = {
  id: "IAM-03",
  title: "No cloud role trusts everyone; federated trust names subject and audience exactly",
  severity: "critical",
  scope: "resource",
  types: ["aws:iam/role:Role"],
  remediation:
    "Name in assumeRolePolicy the service or the roles that may become it; bind web identities by :sub and :aud with StringEquals.",
  supports: controlsOf("IAM-03"),
  check(role, examination, { settings }) {
    examination.ask("maxSessionDuration", () => {
      const seconds = (role.props.maxSessionDuration as number | undefined) ?? 3600;
      const most = parametersOf(settings.frameworks).sessionMost;
      if (seconds < 3600) return `sessions of ${seconds} seconds, which the cloud refuses`;
      return seconds <= most.value
        ? undefined
        : `sessions of ${seconds} seconds; at most ${most.value} (${most.source})`;
    });
    askStatements(
      "assumeRolePolicy",
      () => role.props.assumeRolePolicy as unknown,
      examination,
      (statement) => {
        if (!statement.allows) return undefined;
        if (statement.principals.some((name) => name === "*" || name.endsWith("AWS *")))
          return "everyone may become it";
        const other = statement.actions.find((action) => !becoming.test(action));
        if (other !== undefined) return `a trust grants ${other}`;
        const loose = looseService(statement);
        if (loose !== undefined) return loose;
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
