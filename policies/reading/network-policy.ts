import { ZONE_LABEL } from "./zones";
import type { Properties } from "../rule";

export const networkPolicyTypes: readonly string[] = ["kubernetes:networking.k8s.io/*:NetworkPolicy"];

/** Objects that bring requests to a Service from outside, whichever controller reads them. */
export const routeTypes: readonly string[] = [
  "kubernetes:networking.k8s.io/*:Ingress",
  "kubernetes:extensions/*:Ingress",
  "kubernetes:gateway.networking.k8s.io/*:*Route",
  "kubernetes:networking.istio.io/*:VirtualService",
];

/** One rule of a policy for one direction: whom it admits, at which ports. No peers or no ports mean all. */
export interface Opening {
  readonly peers: readonly Properties[];
  readonly ports: readonly Properties[];
  /** Where in the policy, such as `spec.egress[0]`. */
  readonly path: string;
}

/** What a policy opens in one direction. */
export function openingsOf({ spec }: Properties, direction: "ingress" | "egress"): Opening[] {
  const rules = (spec?.[direction] ?? []) as Properties[];
  return rules.map((rule, index) => ({
    peers: (rule?.[direction === "ingress" ? "from" : "to"] ?? []) as Properties[],
    ports: (rule?.ports ?? []) as Properties[],
    path: `spec.${direction}[${index}]`,
  }));
}

/** The labels a selector asks for, where it asks for nothing else; undefined where it does. */
function exactly(selector: Properties): Readonly<Record<string, string>> | undefined {
  if (selector === undefined || ((selector.matchExpressions ?? []) as unknown[]).length > 0) return undefined;
  return { ...(selector.matchLabels as Record<string, string> | undefined) };
}

/** The one zone a peer is in; undefined where it is in several, in none or outside the cluster. */
export function zoneOfPeer(peer: Properties): string | undefined {
  const labels = exactly(peer?.namespaceSelector);
  return labels?.["kubernetes.io/metadata.name"] ?? labels?.[ZONE_LABEL];
}

/** The one application a peer is, by the recommended label; undefined where pods of others are admitted too. */
export const appOfPeer = (peer: Properties): string | undefined =>
  exactly(peer?.podSelector)?.["app.kubernetes.io/name"];

/** Whether a peer is narrowed to some pods of its namespaces. */
export const namesPods = ({ podSelector }: Properties): boolean =>
  Object.keys((podSelector?.matchLabels ?? {}) as object).length > 0 ||
  ((podSelector?.matchExpressions ?? []) as unknown[]).length > 0;

/** Whether an opening leads to, or comes from, a zone at a port. */
export const opensTo = (opening: Opening, zone: string, port: number): boolean =>
  opening.peers.some((peer) => zoneOfPeer(peer) === zone) &&
  (opening.ports.length === 0 || opening.ports.some((one) => one?.port === port));
