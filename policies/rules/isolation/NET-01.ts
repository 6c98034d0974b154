import { controlsOf } from "../../catalogue";
import { known } from "../../reading/links";
import { workloadTypes, zoneOf } from "../../reading/workload";
import type { Properties, Rule } from "../../rule";

/** The directions a policy denies for every pod of its namespace: those it governs and gives no rule for. */
function deniedBy(spec: Properties): string[] {
  const selector = spec.podSelector ?? {};
  const selectsAll =
    Object.keys((selector.matchLabels ?? {}) as object).length === 0 &&
    ((selector.matchExpressions ?? []) as unknown[]).length === 0;
  if (!selectsAll) return [];
  const governed = (spec.policyTypes ?? ["Ingress"]) as string[];
  return governed.filter((direction) => ((spec[direction.toLowerCase()] ?? []) as unknown[]).length === 0);
}

/** Nobody's namespace: the API server makes it, and no policy of a stack closes it. */
const nobodys = "default";

export const net01: Rule = {
  id: "NET-01",
  title: "Every namespace denies all traffic by default, both ways",
  severity: "critical",
  scope: "stack",
  types: ["kubernetes:core/v1:Namespace", ...workloadTypes],
  remediation:
    "Add a NetworkPolicy to the namespace with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
  supports: controlsOf("NET-01"),
  check(namespace, examination, context) {
    if (!namespace.type.endsWith(":Namespace")) {
      return examination.ask("metadata.namespace", () =>
        zoneOf(namespace) === nobodys ? "it runs in the namespace default, which nothing closes" : undefined,
      );
    }
    const name = namespace.props.metadata?.name as string | undefined;
    let uncertain = false;
    const denied = new Set<string>();
    for (const policy of context.resources) {
      if (!/^kubernetes:networking\.k8s\.io\/.*:NetworkPolicy$/.test(policy.type)) continue;
      const belongs = known(() => (policy.props.metadata?.namespace ?? "default") === name);
      const directions = known(() => deniedBy(policy.props.spec ?? {}));
      if (belongs.known && !belongs.value) continue;
      if (!belongs.known || !directions.known) uncertain = true;
      else for (const direction of directions.value as string[]) denied.add(direction);
    }
    for (const direction of ["Ingress", "Egress"]) {
      if (!denied.has(direction) && uncertain) {
        examination.undecided("", `whether ${direction.toLowerCase()} is denied by default can't be known yet`);
      } else {
        examination.ask("", () =>
          denied.has(direction) ? undefined : `no policy denies ${direction.toLowerCase()} by default in ${name}`,
        );
      }
    }
  },
};
