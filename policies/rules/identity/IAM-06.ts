import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import type { Properties, Rule } from "../../rule";

function askRules(role: Properties, at: string, examination: Examination): void {
  examination.within(`${at}rules`, () => {
    const rules = (role.rules ?? []) as Properties[];
    rules.forEach((rule, index) => {
      for (const part of ["apiGroups", "resources", "verbs", "nonResourceURLs"]) {
        examination.ask(`${at}rules[${index}].${part}`, () => {
          const wild = ((rule?.[part] ?? []) as string[]).find((entry) => entry.includes("*"));
          return wild ? `${wild} is a wildcard` : undefined;
        });
      }
    });
    if (rules.length === 0) examination.ask(`${at}rules`, () => undefined);
  });
}

export const iam06: Rule = {
  id: "IAM-06",
  title: "No Kubernetes role grants a wildcard",
  severity: "critical",
  scope: "resource",
  types: [
    "kubernetes:rbac.authorization.k8s.io/*:Role",
    "kubernetes:rbac.authorization.k8s.io/*:ClusterRole",
    // Roles that the first server lays down itself, before anybody deploys.
    "cloister:index:Machines",
  ],
  remediation: "List the API groups, resources and verbs that are really used.",
  supports: controlsOf("IAM-06"),
  check(role, examination) {
    if (role.type === "cloister:index:Machines") {
      return examination.within("manifests", () => {
        const manifests = (role.props.manifests ?? []) as Properties[];
        manifests.forEach((manifest, index) => {
          if (/Role$/.test(String(manifest?.kind))) askRules(manifest, `manifests[${index}].`, examination);
        });
      });
    }
    if (role.props.aggregationRule) {
      examination.undecided("aggregationRule", "the role's rights are whatever other roles' labels bring");
    }
    askRules(role.props, "", examination);
  },
};
