import type { StandingZone } from "./zones";

/** One authority for each circle of trust: an offline root and the intermediate it signed. */
export const authorityNames = ["services", "clients", "callers"] as const;

/**
 * - `services` issues to the kit's own servers, and to those of them that call another;
 * - `clients` issues to applications, and only the door trusts it;
 * - `callers` issues to the one caller of model servers, and only they trust it.
 */
export type AuthorityName = (typeof authorityNames)[number];

export interface LeafSpecification {
  readonly authority: AuthorityName;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly uses: readonly ("server_auth" | "client_auth")[];
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

const server = (zone: StandingZone, service: string, more: readonly string[] = []): LeafSpecification => ({
  authority: "services",
  commonName: `${service}.${zone}.svc`,
  dnsNames: [...serviceNames(zone, service), ...more],
  uses: ["server_auth", "client_auth"],
});

/** Every certificate of the platform's hops, by the name under which the Substrate hands it out. */
export function leafSpecifications({ doorHost, clients, models }: LeafArgs): Record<string, LeafSpecification> {
  return {
    door: server("gateway", "envoy", [...serviceNames("gateway", "envoy-metrics"), doorHost]),
    caller: {
      authority: "callers",
      commonName: "envoy.gateway.svc",
      dnsNames: serviceNames("gateway", "envoy"),
      uses: ["client_auth"],
    },
    vllm: {
      ...server("serving", "vllm"),
      dnsNames: models.flatMap((model) => serviceNames("serving", objectName(model))),
      uses: ["server_auth"],
    },
    collector: server("audit", "collector"),
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
