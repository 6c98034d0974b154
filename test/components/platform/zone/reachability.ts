import { BlockList } from "node:net";

/** A NetworkPolicy as far as the kit uses one, read from its own fields and from nothing that made it. */
export interface AppliedPolicy {
  readonly namespace: string;
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}

/** One end of a connection: a pod with its labels, or an address outside the cluster. */
export type Place =
  { readonly namespace: string; readonly labels: Readonly<Record<string, string>> } | { readonly address: string };

const selects = (selector: Selector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    if (operator !== "In") throw new Error(`this evaluator does not know the operator ${operator}`);
    return values.includes(labels[key] ?? "");
  });

const within = (cidr: string, address: string): boolean => {
  const [network = "", prefix] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list.check(address);
};

/** An absent or empty list of peers means everybody: the API's own rule. */
function admitsPeer(peers: readonly Peer[] | undefined, policyNamespace: string, other: Place): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ namespaceSelector, podSelector, ipBlock }) => {
    if ("address" in other) {
      if (ipBlock === undefined) return false;
      return within(ipBlock.cidr, other.address) && !ipBlock.except?.some((cidr) => within(cidr, other.address));
    }
    if (ipBlock !== undefined) return false;
    const namespaceMatches =
      namespaceSelector === undefined
        ? other.namespace === policyNamespace
        : selects(namespaceSelector, { "kubernetes.io/metadata.name": other.namespace });
    return namespaceMatches && selects(podSelector ?? {}, other.labels);
  });
}

const admitsPort = (ports: readonly Port[] | undefined, port: number, protocol: string): boolean =>
  ports === undefined ||
  ports.length === 0 ||
  ports.some((each) => {
    if (typeof each.port === "string" || each.endPort !== undefined)
      throw new Error("named ports and ranges are not known");
    return (each.port === undefined || each.port === port) && (each.protocol ?? "TCP") === protocol;
  });

function admits(
  policies: readonly AppliedPolicy[],
  direction: "Ingress" | "Egress",
  own: Place,
  other: Place,
  port: number,
  protocol: string,
): boolean {
  if ("address" in own) return true;
  const isolating = policies.filter(
    ({ namespace, spec }) =>
      namespace === own.namespace && spec.policyTypes.includes(direction) && selects(spec.podSelector, own.labels),
  );
  if (isolating.length === 0) return true;
  return isolating.some(({ namespace, spec }) => {
    const rules =
      direction === "Ingress"
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(({ peers, ports }) => admitsPeer(peers, namespace, other) && admitsPort(ports, port, protocol));
  });
}

/** Whether a connection can be opened, by the rules of the NetworkPolicy API: the caller may go out and the called lets in. */
export const reachable = (
  policies: readonly AppliedPolicy[],
  from: Place,
  to: Place,
  port: number,
  protocol: string,
): boolean =>
  admits(policies, "Egress", from, to, port, protocol) && admits(policies, "Ingress", to, from, port, protocol);
