import { controlsOf } from "../../catalogue";
import { askStatements, type PolicyStatement } from "../../reading/policy-document";
import type { Rule } from "../../rule";

/** What AWS grants on no single resource, and what gives nothing away. */
const harmless = /^[a-z0-9-]+:(Describe|List)|^ecr:GetAuthorizationToken$|^sts:GetCallerIdentity$/;

function tooWide({
  allows,
  actions,
  notActions,
  notResources,
  resources,
  conditions,
}: PolicyStatement): string | undefined {
  if (!allows) return undefined;
  if (notActions.length > 0 || notResources.length > 0) return "it grants everything but what it names";
  const wild = actions.find((action) => action === "*" || /^[a-z0-9-]+:\*$/.test(action));
  if (wild !== undefined) return `it grants ${wild}`;
  if (!resources.includes("*")) return undefined;
  if (actions.includes("iam:PassRole")) return "it may pass every role";
  const open = actions.filter((action) => !harmless.test(action));
  // A condition on tags, accounts or organisations is what narrows a service that knows no resources.
  return open.length === 0 || conditions.length > 0 ? undefined : `it grants ${open.join(", ")} on every resource`;
}

export const iam02: Rule = {
  id: "IAM-02",
  title: "No cloud policy grants wildcards, exclusions or free role passing",
  severity: "critical",
  scope: "resource",
  types: [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
  ],
  remediation:
    "Name the actions and the resources; what can only be granted on everything may list and describe, and nothing else.",
  supports: controlsOf("IAM-02"),
  check(subject, examination) {
    examination.ask("policy", () => (subject.props.policy ? undefined : "there is no policy"));
    askStatements("policy", () => subject.props.policy as unknown, examination, tooWide);
  },
};
