import { controlsOf } from "../../catalogue";
import type { Properties, Rule } from "../../rule";

const forbidden = ["system:masters", "system:anonymous", "system:unauthenticated"];

export const iam07: Rule = {
  id: "IAM-07",
  title: "No binding hands out cluster-admin, the masters group or anonymous access",
  severity: "critical",
  scope: "resource",
  types: [
    "kubernetes:rbac.authorization.k8s.io/*:RoleBinding",
    "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding",
  ],
  remediation: "Bind a role with the rights that are needed to a named group, user or service account.",
  supports: controlsOf("IAM-07"),
  check(binding, examination) {
    examination.ask("roleRef.name", () =>
      binding.props.roleRef?.name === "cluster-admin" ? "the binding hands out cluster-admin" : undefined,
    );
    examination.ask("subjects", () => {
      const subject = ((binding.props.subjects ?? []) as Properties[]).find((one) =>
        forbidden.includes(String(one?.name)),
      );
      return subject ? `${subject.name} is bound` : undefined;
    });
  },
};
