import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { accessLog } from "./envoy-access-log";
import { adminAddress, adminCluster, collectorCluster, modelCluster, modelClusterName } from "./envoy-clusters";
import { typed, type Json } from "./envoy-fields";
import { httpManager, listener, nothingElse } from "./envoy-http";
import { serverTls } from "./envoy-tls";

export interface DoorModel {
  /** Catalogue name; clients send it in the header `x-cloister-model`. */
  readonly name: string;
  /** Longest prompt and answer together, tokens. */
  readonly maxModelLength: number;
}

export interface EnvoyConfigArgs {
  readonly host: string;
  /** Applications that may knock, one or more: the DNS name in each one's certificate. */
  readonly clients: readonly string[];
  /** One or more; the first is the default. */
  readonly models: readonly DoorModel[];
  /** Longest answer, seconds. */
  readonly requestTimeoutSeconds: number;
  /** Tokens of the local limit, requests per minute and pod. */
  readonly requestsPerMinute: number;
}

/** What the door lets through of a model server's interface; its other paths can pause it or load weights. */
export const allowedPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models"] as const;

export const readinessPort = 9903;

/** A ceiling on open connections of one pod, against a client that opens them without end. */
const mostConnections = 10_000;

function routes({ models, requestTimeoutSeconds }: EnvoyConfigArgs): Json[] {
  const action = (model: DoorModel): Json => ({
    cluster: modelClusterName(model.name),
    // Envoy's own 15 s would cut long generations; an answer that is not streamed is silent until it is whole.
    timeout: `${requestTimeoutSeconds}s`,
    idle_timeout: `${requestTimeoutSeconds}s`,
    // Only before the first byte: what a client has seen cannot be taken back.
    retry_policy: { retry_on: "connect-failure,refused-stream", num_retries: 2 },
  });
  const named = models.flatMap((model) =>
    allowedPaths.map((path) => ({
      match: { path, headers: [{ name: "x-cloister-model", string_match: { exact: model.name } }] },
      route: action(model),
    })),
  );
  const unnamed = models.slice(0, 1).flatMap((model) =>
    allowedPaths.map((path) => ({
      match: { path, headers: [{ name: "x-cloister-model", present_match: true, invert_match: true }] },
      route: action(model),
    })),
  );
  return [...named, ...unnamed, nothingElse];
}

function localLimit(requestsPerMinute: number): Json {
  const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
  return {
    name: "envoy.filters.http.local_ratelimit",
    typed_config: typed("envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit", {
      stat_prefix: "door_limit",
      token_bucket: { max_tokens: requestsPerMinute, tokens_per_fill: requestsPerMinute, fill_interval: "60s" },
      filter_enabled: always,
      filter_enforced: always,
    }),
  };
}

/**
 * Longest body of a request, bytes. A token of text seldom takes more than 4 bytes, and JSON may write each as six; what names
 * tools and roles comes on top. Whatever is longer no model would take, so it is refused before it is passed on.
 */
function longestRequest(models: readonly DoorModel[]): Json {
  const tokens = Math.max(...models.map((model) => model.maxModelLength));
  return {
    name: "envoy.filters.http.buffer",
    typed_config: typed("envoy.extensions.filters.http.buffer.v3.Buffer", {
      max_request_bytes: 24 * tokens + 65_536,
    }),
  };
}

function doorManager(args: EnvoyConfigArgs): Json {
  return httpManager({
    name: "door",
    domains: [args.host, `${args.host}:*`],
    routes: routes(args),
    filters: [localLimit(args.requestsPerMinute), longestRequest(args.models)],
    silenceSeconds: args.requestTimeoutSeconds,
    accessLog: accessLog(),
  });
}

function metricsManager({ models }: EnvoyConfigArgs): Json {
  return httpManager({
    name: "metrics",
    domains: ["*"],
    routes: [
      { match: { path: "/stats/prometheus" }, route: { cluster: "admin" } },
      ...models.map(({ name }) => ({
        match: { path: `/models/${objectName(name)}` },
        route: { cluster: modelClusterName(name), prefix_rewrite: "/metrics" },
      })),
      nothingElse,
    ],
  });
}

function healthManager(): Json {
  const healthCheck = {
    name: "envoy.filters.http.health_check",
    typed_config: typed("envoy.extensions.filters.http.health_check.v3.HealthCheck", {
      pass_through_mode: false,
      headers: [{ name: ":path", string_match: { exact: "/ready" } }],
    }),
  };
  return httpManager({ name: "health", domains: ["*"], routes: [nothingElse], filters: [healthCheck] });
}

/**
 * The door as Envoy reads it: a listener for applications, one for metrics, one for the kubelet. Everything is mutual TLS
 * but the last, which asks for no certificate and answers nothing but its health.
 */
export function envoyConfig(args: EnvoyConfigArgs): Json {
  const applications = serverTls({ authority: "clients", names: args.clients });
  const prometheus = serverTls({ authority: "services", names: ["prometheus.observability.svc"] });
  return {
    admin: { address: adminAddress },
    overload_manager: {
      resource_monitors: [
        {
          name: "envoy.resource_monitors.global_downstream_max_connections",
          typed_config: typed(
            "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
            { max_active_downstream_connections: mostConnections },
          ),
        },
      ],
    },
    static_resources: {
      listeners: [
        listener("api", ports.door, applications, doorManager(args)),
        listener("metrics", ports.doorMetrics, prometheus, metricsManager(args)),
        listener("health", readinessPort, serverTls(undefined), healthManager()),
      ],
      clusters: [...args.models.map(({ name }) => modelCluster(name)), collectorCluster(), adminCluster],
    },
  };
}
