import type { StandingZone } from "./zones";

/** Services the Substrate offers to pods; it knows their addresses. */
export type SubstrateService = "dns" | "object-store" | "audit-log";

/** Who stands outside the platform; the environment declares each with CIDR, owner and data class. */
export type OutsidePeer = "clients";

/** One end of a flow: an application in a zone, every pod of every zone, a service of the Substrate, or an outsider. */
export type FlowEnd =
  | { readonly zone: StandingZone; readonly app: string }
  | { readonly everyZone: true }
  | { readonly service: SubstrateService }
  | { readonly peer: OutsidePeer };

/** `mutual`: both ends show a certificate; `server`: the server does; `none`: needs a waiver that names what protects the link. */
export type FlowTls = "mutual" | "server" | { readonly none: { readonly waiver: string; readonly owner: string } };

export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number;
  readonly protocols: readonly ("TCP" | "UDP")[];
  readonly tls: FlowTls;
  readonly why: string;
}

/** An end as people read it: `gateway/envoy`, `every zone`, `object-store`, `clients`. */
export function flowEndName(end: FlowEnd): string {
  if ("zone" in end) return `${end.zone}/${end.app}`;
  if ("everyZone" in end) return "every zone";
  return "service" in end ? end.service : end.peer;
}

const app = (zone: StandingZone, name: string): FlowEnd => ({ zone, app: name });

/** Pods of the cluster's DNS, whatever the distribution: all of them keep this label. */
export const dnsPods = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } as const;

/** Pods that read the API server's audit log on its machines, where those are the company's own. */
export const auditLogPods = {
  namespace: "kube-system",
  labels: { "app.kubernetes.io/name": "cloister-audit-log" },
} as const;

/** Ports that both a workload and a flow need; named once. */
export const ports = {
  door: 8443,
  doorMetrics: 9902,
  guard: 8444,
  guardMetrics: 8445,
  routerMetrics: 8449,
  presidio: 8450,
  vllm: 8000,
  ledger: 8447,
  ledgerMetrics: 8448,
  collector: 4317,
  rateLimit: 8081,
  valkey: 6379,
  mlflow: 5000,
  prometheus: 9090,
} as const;

/**
 * Who may talk to whom. NetworkPolicies, the gateway's listeners, the picture in the evidence and the reachability tests
 * are derived from this list or checked against it; a connection that is not in it does not exist.
 */
export const flows: readonly Flow[] = [
  {
    from: { peer: "clients" },
    to: app("gateway", "envoy"),
    port: ports.door,
    protocols: ["TCP"],
    tls: "mutual",
    why: "The one door: applications show a client certificate",
  },
  {
    from: app("gateway", "envoy"),
    to: app("gateway", "guard"),
    port: ports.guard,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Every prompt and every answer goes through the guard",
  },
  {
    from: app("gateway", "guard"),
    to: app("audit", "ledger"),
    port: ports.ledger,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Nothing reaches a model before it is on the record",
  },
  {
    from: app("gateway", "guard"),
    to: app("serving", "vllm"),
    port: ports.vllm,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Model servers accept a client authority that issues to the guard alone",
  },
  {
    from: app("gateway", "guard"),
    to: { service: "object-store" },
    port: 443,
    protocols: ["TCP"],
    tls: "server",
    why: "What was held back goes, encrypted, to the quarantine bucket",
  },
  {
    from: app("gateway", "envoy"),
    to: app("audit", "collector"),
    port: ports.collector,
    protocols: ["TCP"],
    tls: "mutual",
    why: "The door's log, for what the door itself refused",
  },
  {
    from: app("observability", "prometheus"),
    to: app("gateway", "envoy"),
    port: ports.doorMetrics,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Metrics of the door",
  },
  {
    from: app("observability", "prometheus"),
    to: app("gateway", "guard"),
    port: ports.guardMetrics,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Metrics of the guard",
  },
  {
    from: app("observability", "prometheus"),
    to: app("gateway", "guard"),
    port: ports.routerMetrics,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Metrics of the way to the models, and through it those of the models: nothing else reaches a model server",
  },
  {
    from: app("observability", "prometheus"),
    to: app("audit", "ledger"),
    port: ports.ledgerMetrics,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Metrics of the ledger",
  },
  {
    from: app("models", "mlflow"),
    to: { service: "object-store" },
    port: 443,
    protocols: ["TCP"],
    tls: "server",
    why: "The registry keeps artifacts in the weights bucket",
  },
  {
    from: app("audit", "ledger"),
    to: { service: "object-store" },
    port: 443,
    protocols: ["TCP"],
    tls: "server",
    why: "Sealed segments go under lock in the audit bucket",
  },
  {
    from: app("audit", "collector"),
    to: app("audit", "ledger"),
    port: ports.ledger,
    protocols: ["TCP"],
    tls: "mutual",
    why: "What the door itself refused goes on the record",
  },
  {
    from: { service: "audit-log" },
    to: app("audit", "ledger"),
    port: ports.ledger,
    protocols: ["TCP"],
    tls: "mutual",
    why: "What the API server did goes on the record, read from its log where the machines are the company's own",
  },
  {
    from: app("gateway", "envoy"),
    to: app("gateway", "ratelimit"),
    port: ports.rateLimit,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Requests of a person and a group are counted over all pods of the door",
  },
  {
    from: app("gateway", "guard"),
    to: app("gateway", "ratelimit"),
    port: ports.rateLimit,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Tokens of a person and a group are counted over all guards",
  },
  {
    from: app("gateway", "ratelimit"),
    to: app("gateway", "valkey"),
    port: ports.valkey,
    protocols: ["TCP"],
    tls: "mutual",
    why: "Counts outlive whoever counts",
  },
  {
    from: { everyZone: true },
    to: { service: "dns" },
    port: 53,
    protocols: ["UDP", "TCP"],
    tls: {
      none: {
        waiver:
          "The CNI encrypts the link between nodes; answers are names of services, and every hop checks certificates",
        owner: "platform",
      },
    },
    why: "Pods find each other by name",
  },
  {
    from: app("gateway", "guard"),
    to: app("gateway", "presidio"),
    port: ports.presidio,
    protocols: ["TCP"],
    tls: "mutual",
    why: "What numbers give away of a person is looked for beside the request; only the guard's certificate is let in",
  },
];
