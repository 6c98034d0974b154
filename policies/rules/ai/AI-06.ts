import { controlsOf } from "../../catalogue";
import { appOfPeer, networkPolicyTypes, openingsOf, routeTypes, zoneOfPeer } from "../../reading/network-policy";
import { zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import { need } from "../../settings";
import { matches, type Context, type Properties, type Rule, type Subject } from "../../rule";

function around(peers: readonly Properties[], context: Context): string | undefined {
  const callers = need(context.settings, "modelCallers");
  if (peers.length === 0) return "everybody may call the models";
  const other = peers.find(
    (peer) => !callers.some(({ zone, app }) => zoneOfPeer(peer) === zone && appOfPeer(peer) === app),
  );
  if (other === undefined) return undefined;
  const named = `${zoneOfPeer(other) ?? "any zone"}/${appOfPeer(other) ?? "any application"}`;
  return `${named} may call the models; only ${callers.map(({ zone, app }) => `${zone}/${app}`).join(", ")} may`;
}

/** Names and namespaces of everything an object refers to, however deep its kind nests them. */
function leadsIntoServing(value: Properties): boolean {
  if (typeof value === "string") return new RegExp(`\\.${SERVING}(\\.svc|$)`).test(value);
  if (!(value instanceof Object)) return false;
  return Object.entries(value as object).some(
    ([key, inner]) => (key === "namespace" && inner === SERVING) || leadsIntoServing(inner),
  );
}

function routed(route: Subject): string | undefined {
  const within = zoneOf(route) === SERVING || leadsIntoServing(route.props.spec);
  return within ? "it leads to model servers past the door and the guard" : undefined;
}

export const ai06: Rule = {
  id: "AI-06",
  title: "No route reaches a model around the guard",
  severity: "high",
  scope: "stack",
  types: [...networkPolicyTypes, ...routeTypes],
  remediation:
    "Let policies of the serving zone admit the applications of the flow table alone, by namespace and pod label; remove the route.",
  supports: controlsOf("AI-06"),
  check(subject, examination, context) {
    if (matches(routeTypes, subject.type)) return examination.ask("spec", () => routed(subject));
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the policy is not in the zone ${SERVING}`);
    examination.within("spec.ingress", () => {
      const openings = openingsOf(subject.props, "ingress");
      for (const { peers, path } of openings) examination.ask(`${path}.from`, () => around(peers, context));
      if (openings.length === 0) examination.ask("spec.ingress", () => undefined);
    });
  },
};
