import { controlsOf } from "../../catalogue";
import { isWide } from "../../reading/address-range";
import type { Properties, Rule } from "../../rule";

function wrongPeers(peers: Properties[]): string | undefined {
  if (peers.length === 0) return "no peer is named, which means everyone";
  for (const peer of peers) {
    const cidr = peer?.ipBlock?.cidr as string | undefined;
    if (cidr !== undefined && isWide(cidr)) return `the range ${cidr} is as good as everyone`;
    if (cidr !== undefined) continue;
    if (peer?.namespaceSelector && isEmpty(peer.namespaceSelector)) return "a peer names every namespace";
    if (!peer?.namespaceSelector && !peer?.podSelector) return "a peer is empty";
    // The kit's own namespaces hold more than one program, and the cluster's hold its keys.
    if (peer?.namespaceSelector && (!peer.podSelector || isEmpty(peer.podSelector)))
      return "a peer is every pod of a namespace";
  }
  return undefined;
}

function wrongPorts(ports: Properties[]): string | undefined {
  if (ports.length === 0) return "no port is named, which means all";
  return ports.every((one) => one?.port !== undefined) ? undefined : "a protocol is open at every port";
}

function isEmpty(selector: Properties): boolean {
  const labels = Object.keys((selector.matchLabels ?? {}) as object);
  return labels.length === 0 && ((selector.matchExpressions ?? []) as unknown[]).length === 0;
}

export const net02: Rule = {
  id: "NET-02",
  title: "No network policy opens to everyone or names an empty peer",
  severity: "critical",
  scope: "resource",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  remediation: "Name each peer by a namespace label, a pod label or a narrow CIDR; leave no from, to or port out.",
  supports: controlsOf("NET-02"),
  check(policy, examination) {
    for (const [direction, side] of [
      ["ingress", "from"],
      ["egress", "to"],
    ] as const) {
      examination.within(`spec.${direction}`, () => {
        const rules = (policy.props.spec?.[direction] ?? []) as Properties[];
        rules.forEach((rule, index) => {
          const path = `spec.${direction}[${index}].${side}`;
          examination.ask(path, () => wrongPeers((rule?.[side] ?? []) as Properties[]));
          examination.ask(`spec.${direction}[${index}].ports`, () => wrongPorts((rule?.ports ?? []) as Properties[]));
        });
        // A policy without rules opens nothing: that is an answer, not an absence of one.
        if (rules.length === 0) examination.ask(`spec.${direction}`, () => undefined);
      });
    }
  },
};
