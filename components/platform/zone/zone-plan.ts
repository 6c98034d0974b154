import type { types } from "@pulumi/kubernetes";
import { auditLogPods, dnsPods, flows, type Flow, type FlowEnd } from "../../flows";
import { standingZones, type StandingZone } from "../../zones";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;
type Port = types.input.networking.v1.NetworkPolicyPort;

/** Addresses behind the ends of flows that are not zones, IPv4 CIDRs. */
export interface OutsideAddresses {
  readonly clients: readonly string[];
  readonly objectStore: readonly string[];
  /** Whether pods of the cluster itself read the API server's log. */
  readonly auditLog: boolean;
}

export interface PolicyPlan {
  readonly name: string;
  readonly spec: NetworkPolicySpec;
}

const zoneSelector = (zone: StandingZone) => ({ matchLabels: { "kubernetes.io/metadata.name": zone } });
const appSelector = (app: string) => ({ matchLabels: { "app.kubernetes.io/name": app } });

const podsOf = ({ namespace, labels }: { namespace: string; labels: Record<string, string> }): Peer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});

function peersOf(end: FlowEnd, outside: OutsideAddresses): Peer[] {
  if ("zone" in end) return [{ namespaceSelector: zoneSelector(end.zone), podSelector: appSelector(end.app) }];
  if ("peer" in end) return outside.clients.map((cidr) => ({ ipBlock: { cidr } }));
  if ("service" in end && end.service === "object-store") {
    return outside.objectStore.map((cidr) => ({ ipBlock: { cidr } }));
  }
  if ("everyZone" in end) {
    const own = { key: "kubernetes.io/metadata.name", operator: "In", values: [...standingZones] };
    return [{ namespaceSelector: { matchExpressions: [own] } }];
  }
  if ("service" in end && end.service === "audit-log") return outside.auditLog ? [podsOf(auditLogPods)] : [];
  return [podsOf(dnsPods)];
}

const portsOf = (flow: Flow): Port[] => flow.protocols.map((protocol) => ({ port: flow.port, protocol }));

/** Stands for all pods of a zone; no application can have this name. */
const everyPod = "*";

/** Whether an end is pods of this zone, and which: the name of an application, or all. */
function podsIn(zone: StandingZone, end: FlowEnd): string | undefined {
  if ("everyZone" in end) return everyPod;
  return "zone" in end && end.zone === zone ? end.app : undefined;
}

function policy(
  direction: "Ingress" | "Egress",
  app: string,
  rows: readonly Flow[],
  outside: OutsideAddresses,
): PolicyPlan {
  const podSelector = app === everyPod ? {} : appSelector(app);
  const name = `${app === everyPod ? "all" : app}-${direction.toLowerCase()}`;
  if (direction === "Ingress") {
    const ingress = rows.map((flow) => ({ from: peersOf(flow.from, outside), ports: portsOf(flow) }));
    return { name, spec: { podSelector, policyTypes: [direction], ingress } };
  }
  const egress = rows.map((flow) => ({ to: peersOf(flow.to, outside), ports: portsOf(flow) }));
  return { name, spec: { podSelector, policyTypes: [direction], egress } };
}

/**
 * The NetworkPolicies of a zone: nothing in and nothing out, then one policy for each application and direction that the
 * flow table names. A row without an address outside opens nothing: an empty peer list would mean everybody.
 */
export function planNetworkPolicies(
  zone: StandingZone,
  outside: OutsideAddresses,
  table: readonly Flow[] = flows,
): PolicyPlan[] {
  const deny: PolicyPlan = { name: "default-deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } };
  const directions = [
    { direction: "Ingress", near: (flow: Flow) => flow.to, far: (flow: Flow) => flow.from },
    { direction: "Egress", near: (flow: Flow) => flow.from, far: (flow: Flow) => flow.to },
  ] as const;
  const allowed = directions.flatMap(({ direction, near, far }) => {
    const rows = table.filter(
      (flow) => podsIn(zone, near(flow)) !== undefined && peersOf(far(flow), outside).length > 0,
    );
    const apps = [...new Set(rows.map((flow) => podsIn(zone, near(flow)) ?? ""))];
    return apps.map((app) =>
      policy(
        direction,
        app,
        rows.filter((flow) => podsIn(zone, near(flow)) === app),
        outside,
      ),
    );
  });
  return [deny, ...allowed];
}

/** What pods may ask for together. */
export interface Ceilings {
  readonly cpus: number;
  readonly memoryGib: number;
  readonly pods: number;
  readonly gpus: number;
}

/**
 * Ceilings of a zone, as a quota states them: its own, and never less than what the environment's model servers need while
 * one more of each starts.
 */
export function planQuota(own: Omit<Ceilings, "gpus">, needed: Ceilings): Record<string, string> {
  const cpus = Math.max(own.cpus, needed.cpus);
  const memory = Math.max(own.memoryGib, needed.memoryGib);
  return {
    "requests.cpu": `${cpus}`,
    "limits.cpu": `${cpus}`,
    "requests.memory": `${memory}Gi`,
    "limits.memory": `${memory}Gi`,
    pods: `${Math.max(own.pods, needed.pods)}`,
    // Said even where it is nothing: a zone without GPUs must not get any by accident.
    "requests.nvidia.com/gpu": `${needed.gpus}`,
    "services.nodeports": "0",
  };
}
