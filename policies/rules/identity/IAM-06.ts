import { controlsOf } from "../../catalogue";
import type { Properties, Rule } from "../../rule";

export const iam06: Rule = {
  id: "IAM-06",
  title: "No Kubernetes role grants a wildcard",
  severity: "critical",
  scope: "resource",
  types: ["kubernetes:rbac.authorization.k8s.io/*:Role", "kubernetes:rbac.authorization.k8s.io/*:ClusterRole"],
  remediation: "List the API groups, resources and verbs that are really used.",
  supports: controlsOf("IAM-06"),
  check(role, examination) {
    if (role.props.aggregationRule) {
      examination.undecided("aggregationRule", "the role's rights are whatever other roles' labels bring");
    }
    examination.within("rules", () => {
      const rules = (role.props.rules ?? []) as Properties[];
      rules.forEach((rule, index) => {
        for (const part of ["apiGroups", "resources", "verbs", "nonResourceURLs"]) {
          examination.ask(`rules[${index}].${part}`, () => {
            const wild = ((rule?.[part] ?? []) as string[]).find((entry) => entry.includes("*"));
            return wild ? `${wild} is a wildcard` : undefined;
          });
        }
      });
      if (rules.length === 0) examination.ask("rules", () => undefined);
    });
  },
};
