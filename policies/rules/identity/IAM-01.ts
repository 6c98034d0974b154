import { controlsOf } from "../../catalogue";
import { askOrganisation, askRootless, guardrails } from "../../reading/organisation";
import { eachContainer, podOf, workloadTypes } from "../../reading/workload";
import type { Properties, Rule } from "../../rule";

/** How identifiers of AWS access keys begin. */
const accessKey = /\b(AKIA|ASIA)[A-Z0-9]{16}\b/;
const keyNames = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** What makes an identity with keys or a password that do not end. */
const lasting = ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile"];

export const iam01: Rule = {
  id: "IAM-01",
  title: "There are no cloud users or access keys, and no key is written in a workload",
  severity: "critical",
  scope: "resource",
  types: ["aws:iam/user:User", "aws:iam/accessKey:AccessKey", guardrails, ...workloadTypes],
  remediation:
    "Use roles: people by single sign-on, pods by Pod Identity or a web-identity token. Write no key in a workload.",
  supports: controlsOf("IAM-01"),
  check(subject, examination) {
    if (subject.type.startsWith("aws:iam/")) {
      return examination.ask("", () => "it is a standing identity with keys that do not end");
    }
    if (subject.type === guardrails) {
      askOrganisation(subject.props, examination, lasting);
      return askRootless(subject.props, examination);
    }
    const pod = podOf(subject);
    eachContainer(pod, examination, ({ value, path }) => {
      const variables = (value.env ?? []) as Properties[];
      examination.ask(`${path}.env`, () => {
        const literal = variables.find(
          ({ name, value: text }) =>
            typeof text === "string" && (accessKey.test(text) || (keyNames.includes(String(name)) && text !== "")),
        );
        return literal === undefined ? undefined : `${literal.name} holds a key in clear`;
      });
    });
  },
};
