import { controlsOf } from "../../catalogue";
import { CONFIG_MAP, documentsOf } from "../../reading/configuration";
import { doorsOf, envoysIn, reachesModels } from "../../reading/envoy";
import { knownRights } from "../../reading/envoy-rights";
import {
  astray,
  guardIn,
  heldBackBadly,
  miscounted,
  moreThanDoor,
  strangeCaller,
  unwatched,
} from "../../reading/guard";
import { appOfPeer, networkPolicyTypes, openingsOf, routeTypes, zoneOfPeer } from "../../reading/network-policy";
import { zoneOf } from "../../reading/workload";
import { GATEWAY, SERVING } from "../../reading/zones";
import { need } from "../../settings";
import type { Examination } from "../../examination";
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

/** Whether some door lets a group use a model, with every second factor shown; undefined where no door can be read. */
function doorRights({ resources }: Context): ((group: string, model: string) => boolean) | undefined {
  const rights = resources
    .filter((one) => one.type === CONFIG_MAP && zoneOf(one) === GATEWAY)
    .flatMap((map) =>
      envoysIn(map).flatMap((envoy) =>
        doorsOf(envoy)
          .filter((door) => reachesModels(envoy, door))
          .flatMap((door) => knownRights(door, documentsOf(map)) ?? []),
      ),
    );
  if (rights.length === 0) return undefined;
  return (group, model) => rights.some(({ factors, mayAsk }) => mayAsk([group], factors, model));
}

function examineGuard(configMap: Subject, examination: Examination, context: Context): void {
  examination.within("data", () => {
    const files = documentsOf(configMap);
    const guard = zoneOf(configMap) === GATEWAY ? guardIn(files) : undefined;
    if (guard === undefined) return examination.notApplicable("it configures no guard");
    examination.ask("callers", () => strangeCaller(guard));
    examination.ask("policy", () => unwatched(guard, files, context.settings));
    examination.ask("quarantine", () => heldBackBadly(guard, context.settings));
    examination.ask("token limits", () => miscounted(guard));
    examination.ask("router", () => astray(guard, files));
    examination.ask("access", () => moreThanDoor(guard, doorRights(context)));
  });
}

export const ai06: Rule = {
  id: "AI-06",
  title: "No route reaches a model around the guard",
  severity: "high",
  scope: "stack",
  types: [...networkPolicyTypes, ...routeTypes, CONFIG_MAP],
  remediation:
    "Let policies of the serving zone admit the applications of the flow table alone, by namespace and pod label; remove the route. Give the guard a policy no weaker than its own default, the door's rights, and recipients of what it holds back.",
  supports: controlsOf("AI-06"),
  check(subject, examination, context) {
    if (subject.type === CONFIG_MAP) return examineGuard(subject, examination, context);
    if (matches(routeTypes, subject.type)) return examination.ask("spec", () => routed(subject));
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the policy is not in the zone ${SERVING}`);
    examination.within("spec.ingress", () => {
      const openings = openingsOf(subject.props, "ingress");
      for (const { peers, path } of openings) examination.ask(`${path}.from`, () => around(peers, context));
      if (openings.length === 0) examination.ask("spec.ingress", () => undefined);
    });
  },
};
