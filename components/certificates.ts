import type { StandingZone } from "./zones";

/** One authority for each circle of trust: an offline root and the intermediate it signed. */
export const authorityNames = ["services", "clients", "callers", "cluster"] as const;

/**
 * - `services` issues to the kit's own servers, and to those of them that call another;
 * - `clients` issues to applications, and only the door trusts it;
 * - `callers` issues to the one caller of model servers, the guard, and only they trust it;
 * - `cluster` issues to no application: it signs the authorities of a cluster whose machines are the company's own, and
 *   what those machines show to the registry. Where a cloud runs the control plane, nothing is issued by it.
 */
export type AuthorityName = (typeof authorityNames)[number];

/**
 * How an intermediate is made: how many authorities may follow below it, and how long it lives, days. An application's
 * intermediate issues leaves alone, and is renewed by a ceremony every two years; a cluster keeps its authorities for
 * years, so what signs them lives longer.
 */
export const intermediateTerms: Readonly<Record<AuthorityName, { readonly below: number; readonly days: number }>> = {
  services: { below: 0, days: 730 },
  clients: { below: 0, days: 730 },
  callers: { below: 0, days: 730 },
  cluster: { below: 1, days: 1825 },
};

/** Days that an intermediate must have left, besides what the door's certificates ask for: a machine's live a year. */
export const leastDays: Readonly<Record<AuthorityName, number>> = {
  services: 365,
  clients: 0,
  callers: 0,
  cluster: 365,
};

export interface LeafSpecification {
  readonly authority: AuthorityName;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly uses: readonly ("server_auth" | "client_auth")[];
  /** Kind of its key. Default: ECDSA on P-256. */
  readonly algorithm?: "ED25519";
}

export interface LeafArgs {
  /** The name by which applications reach the door. */
  readonly doorHost: string;
  /** Names of the applications that may knock. */
  readonly clients: readonly string[];
  /** Models that serve, by catalogue name. */
  readonly models: readonly string[];
}

/** Kubernetes names allow no dots in services: `llama-3.1-8b` serves as `llama-3-1-8b`. */
export const objectName = (model: string): string => model.replaceAll(".", "-");

/** The names by which pods reach a service. */
export const serviceNames = (zone: StandingZone, service: string): string[] => [
  `${service}.${zone}.svc`,
  `${service}.${zone}.svc.cluster.local`,
];

/** The name by which the collector of the API server's log is known to the ledger; a site's machines hold its certificate. */
export const auditLogName = "cloister-audit-log.kube-system.svc";

/** The name by which the ledger knows who puts something on the record by hand; no pod holds its certificate. */
export const recorderName = "recorder.audit.svc";

/** Replicas of the ledger: each has a chain of its own, and one may be away. */
export const ledgerReplicas = 2;

/** Stores of counts, each with those of some: one may be away. */
export const valkeyReplicas = 2;

/** The names by which pods reach each replica of a service. */
const replicaNames = (zone: StandingZone, service: string, replicas: number): string[] =>
  Array.from({ length: replicas }, (_, index) => serviceNames(zone, `${service}-${index}.${service}`)).flat();

const server = (zone: StandingZone, service: string, more: readonly string[] = []): LeafSpecification => ({
  authority: "services",
  commonName: `${service}.${zone}.svc`,
  dnsNames: [...serviceNames(zone, service), ...more],
  uses: ["server_auth", "client_auth"],
});

/**
 * A name of no server. What counts requests and tokens knows its callers by one name alone: the door and the guard both
 * carry this one.
 */
export const limitsCaller = "limits-caller.gateway.svc";

/** Every certificate of the platform's hops, by the name under which the Substrate hands it out. */
export function leafSpecifications({ doorHost, clients, models }: LeafArgs): Record<string, LeafSpecification> {
  return {
    guard: server("gateway", "guard", [limitsCaller]),
    door: server("gateway", "envoy", [...serviceNames("gateway", "envoy-metrics"), limitsCaller, doorHost]),
    caller: {
      authority: "callers",
      commonName: "guard.gateway.svc",
      dnsNames: serviceNames("gateway", "guard"),
      uses: ["client_auth"],
    },
    presidio: { ...server("gateway", "presidio"), uses: ["server_auth"] },
    vllm: {
      ...server("serving", "vllm"),
      dnsNames: models.flatMap((model) => serviceNames("serving", objectName(model))),
      uses: ["server_auth"],
    },
    ledger: {
      ...server("audit", "ledger"),
      dnsNames: [...serviceNames("audit", "ledger"), ...replicaNames("audit", "ledger", ledgerReplicas)],
    },
    // Signs the heads of the record, and nobody's connection.
    "ledger-signer": {
      authority: "services",
      commonName: "ledger-signer.audit.svc",
      dnsNames: serviceNames("audit", "ledger-signer"),
      // No server lets a client of this name in; a certificate for neither end would be good for whatever a reader thinks.
      uses: ["client_auth"],
      algorithm: "ED25519",
    },
    collector: server("audit", "collector"),
    // Of people who put on the record what no system brings.
    recorder: {
      authority: "services",
      commonName: recorderName,
      dnsNames: [recorderName],
      uses: ["client_auth"],
    },
    ratelimit: server("gateway", "ratelimit"),
    valkey: server("gateway", "valkey", replicaNames("gateway", "valkey", valkeyReplicas)),
    mlflow: server("models", "mlflow"),
    prometheus: server("observability", "prometheus"),
    ...Object.fromEntries(
      clients.map((client) => [
        `client-${client}`,
        { authority: "clients", commonName: client, dnsNames: [client], uses: ["client_auth"] } as const,
      ]),
    ),
  };
}

/**
 * Who may look where the record stands, beside the ledger's writers, and put nothing on it. No stack issues it: it is made for
 * one audit, and ends with it.
 */
export const auditor: LeafSpecification = {
  authority: "services",
  commonName: "auditor.audit.svc",
  dnsNames: serviceNames("audit", "auditor"),
  uses: ["client_auth"],
};

/** Applications that show a certificate, in the order of their zones. */
export const certifiedApplications = [
  ...["envoy", "guard", "presidio", "ratelimit", "valkey", "vllm", "mlflow", "ledger", "collector", "prometheus"],
] as const;

/**
 * Kubernetes name of the Secret that holds an application's certificates. It does not depend on what is served: rights to
 * read a Secret name it, and are given before anybody chooses a model.
 */
export const certificateSecretName = (application: string): string => `${application}-tls`;

/** Who issues a certificate of the platform's own; what is none of them is an application's outside. */
export const issuerOf = (leaf: string): AuthorityName =>
  leafSpecifications({ doorHost: "", clients: [], models: [] })[leaf]?.authority ?? "clients";
