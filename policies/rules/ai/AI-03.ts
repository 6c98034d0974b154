import { controlsOf } from "../../catalogue";
import { zoneOf } from "../../reading/workload";
import { GATEWAY, SERVING, ZONE_LABEL } from "../../reading/zones";
import type { Properties, Rule } from "../../rule";

function stranger(rule: Properties): string | undefined {
  const peers = (rule.from ?? []) as Properties[];
  if (peers.length === 0) return "everyone may reach the models";
  for (const peer of peers) {
    const labels = (peer?.namespaceSelector?.matchLabels ?? {}) as Record<string, string>;
    const zone = labels["kubernetes.io/metadata.name"] ?? labels[ZONE_LABEL];
    if (zone !== GATEWAY) return `${zone ? `the zone ${zone}` : "a peer that is not a zone"} may reach the models`;
  }
  return undefined;
}

export const ai03: Rule = {
  id: "AI-03",
  title: "Only the gateway reaches the models",
  severity: "critical",
  scope: "stack",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  remediation: "Let policies of the serving zone admit the gateway and nobody else; metrics go through the gateway.",
  supports: controlsOf("AI-03"),
  check(policy, examination) {
    if (zoneOf(policy) !== SERVING) return examination.notApplicable(`the policy is not in the zone ${SERVING}`);
    examination.within("spec.ingress", () => {
      const rules = (policy.props.spec?.ingress ?? []) as Properties[];
      rules.forEach((rule, index) => {
        const path = `spec.ingress[${index}].from`;
        examination.ask(path, () => stranger(rule ?? {}));
      });
      if (rules.length === 0) examination.ask("spec.ingress", () => undefined);
    });
  },
};
