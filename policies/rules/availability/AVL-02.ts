import { controlsOf } from "../../catalogue";
import { eachContainer, podOf } from "../../reading/workload";
import type { Rule } from "../../rule";

const none = /^0%?$/;

export const avl02: Rule = {
  id: "AVL-02",
  title: "Disruption budgets let maintenance proceed, and workloads have probes",
  severity: "medium",
  scope: "stack",
  types: ["kubernetes:policy/v1:PodDisruptionBudget", "kubernetes:apps/v1:Deployment"],
  remediation: "Let a budget permit one disruption at least, and give every container a readiness probe.",
  supports: controlsOf("AVL-02"),
  check(subject, examination) {
    const { props, type } = subject;
    if (type.endsWith(":PodDisruptionBudget")) {
      examination.ask("spec", () => {
        const { maxUnavailable, minAvailable } = props.spec ?? {};
        if (maxUnavailable !== undefined)
          return none.test(String(maxUnavailable)) ? "it permits no disruption" : undefined;
        return String(minAvailable) === "100%" ? "it permits no disruption" : undefined;
      });
      return;
    }
    const pod = podOf(subject);
    eachContainer(pod, examination, ({ value, path, group }) => {
      if (group !== "containers") return;
      examination.ask(`${path}.readinessProbe`, () =>
        value.readinessProbe ? undefined : "it is never asked whether it is ready",
      );
    });
  },
};
