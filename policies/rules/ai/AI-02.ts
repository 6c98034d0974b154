import { controlsOf } from "../../catalogue";
import { namesPods, networkPolicyTypes, openingsOf, routeTypes, zoneOfPeer } from "../../reading/network-policy";
import { AUDIT, isOfZone, OBSERVABILITY, TRAINING } from "../../reading/zones";
import { need } from "../../settings";
import { matches, type Context, type Properties, type Rule, type Subject } from "../../rule";

/** Names and the record: what training reaches in the cluster besides the object store. */
const reachable = ["kube-system", AUDIT];

function wayOut(peers: readonly Properties[], context: Context): string | undefined {
  if (peers.length === 0) return "training may reach everything";
  for (const peer of peers) {
    const range = peer?.ipBlock?.cidr as string | undefined;
    if (range !== undefined) {
      const store = need(context.settings, "objectStoreRanges");
      if (!store.includes(range)) return `training may reach ${range}, which is not the object store`;
      continue;
    }
    const zone = zoneOfPeer(peer);
    if (zone === undefined || !reachable.includes(zone)) return `training may reach ${zone ?? "any namespace"}`;
    if (!namesPods(peer)) return `training may reach every pod of ${zone}`;
  }
  return undefined;
}

function wayIn(peers: readonly Properties[]): string | undefined {
  if (peers.length === 0) return "everybody may reach training";
  const other = peers.find((peer) => zoneOfPeer(peer) !== OBSERVABILITY || !namesPods(peer));
  return other === undefined
    ? undefined
    : `${zoneOfPeer(other) ?? "a peer that is not one zone"} may reach training; only its metrics are read`;
}

function unclosed(namespace: Subject, { resources }: Context): string | undefined {
  const name = namespace.props.metadata?.name as string | undefined;
  const closed = resources.some(
    ({ type, props }) =>
      matches(networkPolicyTypes, type) &&
      props.metadata?.namespace === name &&
      !namesPods({ podSelector: props.spec?.podSelector }) &&
      ((props.spec?.policyTypes ?? []) as string[]).includes("Egress"),
  );
  return closed ? undefined : "no policy closes its way out";
}

export const ai02: Rule = {
  id: "AI-02",
  title: "Training has no way out and no exposure",
  severity: "critical",
  scope: "stack",
  types: ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:Service", ...networkPolicyTypes, ...routeTypes],
  remediation:
    "Let training reach names, the object store and the audit record alone, let nothing in but the metrics scrape, and expose no Service.",
  supports: controlsOf("AI-02"),
  check(subject, examination, context) {
    if (!isOfZone(subject, TRAINING)) return examination.notApplicable(`it is not of the zone ${TRAINING}`);
    const { type, props } = subject;
    if (matches(routeTypes, type)) return examination.ask("", () => "a route leads into training");
    if (type.endsWith(":Namespace")) return examination.ask("", () => unclosed(subject, context));
    if (type.endsWith(":Service")) {
      examination.ask("spec.externalIPs", () =>
        ((props.spec?.externalIPs ?? []) as unknown[]).length > 0 ? "it claims external addresses" : undefined,
      );
      return examination.ask("spec.type", () => {
        const kind = (props.spec?.type as string | undefined) ?? "ClusterIP";
        return kind === "ClusterIP" ? undefined : `a Service of type ${kind} exposes training`;
      });
    }
    examination.within("spec", () => {
      const out = openingsOf(props, "egress");
      const into = openingsOf(props, "ingress");
      for (const { peers, path } of out) examination.ask(`${path}.to`, () => wayOut(peers, context));
      for (const { peers, path } of into) examination.ask(`${path}.from`, () => wayIn(peers));
      if (out.length + into.length === 0) examination.ask("spec", () => undefined);
    });
  },
};
