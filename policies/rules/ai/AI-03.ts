import { controlsOf } from "../../catalogue";
import { zoneOf } from "../../reading/workload";
import { GATEWAY, OBSERVABILITY, SERVING, ZONE_LABEL } from "../../reading/zones";
import { need } from "../../settings";
import type { Context, Properties, Rule } from "../../rule";

function stranger(rule: Properties, context: Context): string | undefined {
  const peers = (rule.from ?? []) as Properties[];
  if (peers.length === 0) return "everyone may reach the models";
  for (const peer of peers) {
    const labels = (peer?.namespaceSelector?.matchLabels ?? {}) as Record<string, string>;
    const zone = labels["kubernetes.io/metadata.name"] ?? labels[ZONE_LABEL];
    if (zone === GATEWAY) continue;
    if (zone !== OBSERVABILITY)
      return `${zone ? `the zone ${zone}` : "a peer that is not a zone"} may reach the models`;
    const allowed = need(context.settings, "metricsPorts");
    const ports = ((rule.ports ?? []) as Properties[]).map((entry) => Number(entry?.port));
    if (ports.length === 0) return `the zone ${OBSERVABILITY} may reach every port`;
    const other = ports.find((port) => !allowed.includes(port));
    if (other !== undefined)
      return `the zone ${OBSERVABILITY} may reach port ${other}; metrics are on ${allowed.join(", ")}`;
  }
  return undefined;
}

export const ai03: Rule = {
  id: "AI-03",
  title: "Only the gateway reaches the models",
  severity: "critical",
  scope: "stack",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  remediation: "Let policies of the serving zone admit only the gateway, and observability on the metrics port.",
  supports: controlsOf("AI-03"),
  check(policy, examination, context) {
    if (zoneOf(policy) !== SERVING) return examination.notApplicable(`the policy is not in the zone ${SERVING}`);
    examination.within("spec.ingress", () => {
      const rules = (policy.props.spec?.ingress ?? []) as Properties[];
      rules.forEach((rule, index) => {
        const path = `spec.ingress[${index}].from`;
        examination.ask(path, () => stranger(rule ?? {}, context));
      });
      if (rules.length === 0) examination.ask("spec.ingress", () => undefined);
    });
  },
};
