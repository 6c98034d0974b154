import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import type { Properties, Rule } from "../../rule";

const forbidden = ["system:masters", "system:anonymous", "system:unauthenticated"];

function askBinding(binding: Properties, at: string, examination: Examination): void {
  examination.ask(`${at}roleRef.name`, () => {
    const name = binding.roleRef?.name as string | undefined;
    if (name === undefined) return "the binding names no role";
    return name === "cluster-admin" ? "the binding hands out cluster-admin" : undefined;
  });
  examination.ask(`${at}subjects`, () => {
    const subject = ((binding.subjects ?? []) as Properties[]).find((one) => forbidden.includes(String(one?.name)));
    return subject ? `${subject.name} is bound` : undefined;
  });
}

export const iam07: Rule = {
  id: "IAM-07",
  title: "No binding hands out cluster-admin, the masters group or anonymous access",
  severity: "critical",
  scope: "resource",
  types: [
    "kubernetes:rbac.authorization.k8s.io/*:RoleBinding",
    "kubernetes:rbac.authorization.k8s.io/*:ClusterRoleBinding",
    "cloister:index:Machines",
  ],
  remediation: "Bind a role with the rights that are needed to a named group, user or service account.",
  supports: controlsOf("IAM-07"),
  check(binding, examination) {
    if (binding.type !== "cloister:index:Machines") return askBinding(binding.props, "", examination);
    examination.within("manifests", () => {
      ((binding.props.manifests ?? []) as Properties[]).forEach((manifest, index) => {
        if (/RoleBinding$/.test(String(manifest?.kind))) askBinding(manifest, `manifests[${index}].`, examination);
      });
    });
    examination.ask("apiServerArguments", () =>
      ((binding.props.apiServerArguments ?? []) as string[]).some((argument) =>
        /^(anonymous-auth=false|authentication-config=.+)$/.test(argument),
      )
        ? undefined
        : "the API server answers whoever does not sign in",
    );
  },
};
