import { address, typed, type Json } from "./envoy-fields";
import { ownHeaders } from "./envoy-headers";

/** Longest life of a connection and its notice before the end, seconds: a pod that is to go is rid of its clients then. */
export const connectionSeconds = 120;
export const connectionNoticeSeconds = 30;

const mebibyte = 1_048_576;

export interface HttpManagerArgs {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly Json[];
  /** Filters before the router. */
  readonly filters?: readonly Json[];
  /** Longest silence of a stream, seconds. Default: 30. */
  readonly silenceSeconds?: number;
  readonly accessLog?: Json;
  /** Longest time in which a request has to arrive whole, seconds. Default: 60. */
  readonly arrivalSeconds?: number;
  /** Longest time in which its headers have to be there, seconds. Default: 10. */
  readonly headersSeconds?: number;
  /** How requests are traced. Default: not at all. */
  readonly tracing?: Json;
  /** Only programs of the same pod come: their connections may last. Default: false. */
  readonly local?: boolean;
  /** What it says where it answers itself. Default: Envoy's own words. */
  readonly replies?: Json;
}

/** How a listener speaks HTTP. A path that is not written plainly is refused or leads nowhere; nothing is guessed. */
export function httpManager({
  name,
  domains,
  routes,
  filters = [],
  silenceSeconds = 30,
  accessLog,
  arrivalSeconds = 60,
  headersSeconds = 10,
  tracing,
  local = false,
  replies,
}: HttpManagerArgs): Json {
  return {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
      stat_prefix: name,
      codec_type: "AUTO",
      use_remote_address: true,
      normalize_path: true,
      // `//v1/models` is no spelling of `/v1/models`.
      merge_slashes: false,
      path_with_escaped_slashes_action: "REJECT_REQUEST",
      common_http_protocol_options: {
        headers_with_underscores_action: "REJECT_REQUEST",
        idle_timeout: "300s",
        max_connection_duration: local ? "86400s" : `${connectionSeconds}s`,
        max_headers_count: 100,
      },
      http2_protocol_options: {
        max_concurrent_streams: 100,
        initial_stream_window_size: 65_536,
        initial_connection_window_size: mebibyte,
      },
      request_headers_timeout: `${headersSeconds}s`,
      request_timeout: `${arrivalSeconds}s`,
      stream_idle_timeout: `${silenceSeconds}s`,
      drain_timeout: `${connectionNoticeSeconds}s`,
      max_request_headers_kb: 32,
      server_header_transformation: "OVERWRITE",
      server_name: "cloister",
      forward_client_cert_details: "SANITIZE_SET",
      set_current_client_cert_details: { dns: true },
      // A number of the caller's own choosing would let one request pass for another on the record.
      preserve_external_request_id: false,
      // A program of the same pod speaks for the platform; nobody else does.
      ...(local ? {} : { early_header_mutation_extensions: [ownHeaders] }),
      ...(tracing === undefined ? {} : { tracing }),
      route_config: { name, virtual_hosts: [{ name, domains, routes }] },
      http_filters: [
        ...filters,
        { name: "envoy.filters.http.router", typed_config: typed("envoy.extensions.filters.http.router.v3.Router") },
      ],
      ...(replies === undefined ? {} : { local_reply_config: replies }),
      ...(accessLog === undefined ? {} : { access_log: [accessLog] }),
    }),
  };
}

/** Tries again elsewhere, and only before anything of the request was read: what has begun is never done twice. */
export const beforeFirstByte: Json = {
  retry_on: "connect-failure,refused-stream,reset-before-request",
  num_retries: 3,
  retry_host_predicate: [
    {
      name: "envoy.retry_host_predicates.previous_hosts",
      typed_config: typed("envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"),
    },
  ],
  host_selection_retry_max_attempts: 5,
};

export const nothingElse: Json = { match: { prefix: "/" }, direct_response: { status: 404 } };

export const listener = (name: string, port: number, transport: Json, manager: Json): Json => ({
  name,
  address: address("0.0.0.0", port),
  per_connection_buffer_limit_bytes: mebibyte,
  filter_chains: [{ transport_socket: transport, transport_socket_connect_timeout: "5s", filters: [manager] }],
});

/**
 * Answers `/ready` while Envoy takes requests, and nothing else.
 *
 * @param behind a cluster that has to be well too. Default: none.
 */
export function healthManager(behind?: string): Json {
  const healthCheck = {
    name: "envoy.filters.http.health_check",
    typed_config: typed("envoy.extensions.filters.http.health_check.v3.HealthCheck", {
      pass_through_mode: false,
      headers: [{ name: ":path", string_match: { exact: "/ready" } }],
      ...(behind === undefined ? {} : { cluster_min_healthy_percentages: { [behind]: { value: 100 } } }),
    }),
  };
  return httpManager({ name: "health", domains: ["*"], routes: [nothingElse], filters: [healthCheck] });
}

/** Envoy's own statistics, and nothing else of its interface. */
export const statisticsRoute: Json = { match: { path: "/stats/prometheus" }, route: { cluster: "admin" } };

/** Ceilings of a whole Envoy: on connections, and on memory, before the kernel ends it with every stream it carries. */
export const overload = (mostConnections: number, heapBytes: number): Json => ({
  refresh_interval: "0.25s",
  resource_monitors: [
    {
      name: "envoy.resource_monitors.global_downstream_max_connections",
      typed_config: typed("envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig", {
        max_active_downstream_connections: mostConnections,
      }),
    },
    {
      name: "envoy.resource_monitors.fixed_heap",
      typed_config: typed("envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig", {
        max_heap_size_bytes: heapBytes,
      }),
    },
  ],
  actions: [
    { name: "envoy.overload_actions.shrink_heap", triggers: [heapAbove(0.9)] },
    { name: "envoy.overload_actions.disable_http_keepalive", triggers: [heapAbove(0.92)] },
    { name: "envoy.overload_actions.stop_accepting_connections", triggers: [heapAbove(0.95)] },
    { name: "envoy.overload_actions.stop_accepting_requests", triggers: [heapAbove(0.98)] },
  ],
});

const heapAbove = (value: number): Json => ({
  name: "envoy.resource_monitors.fixed_heap",
  threshold: { value },
});
