import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";

export interface DoorModel {
  /** Catalogue name; clients send it in the header `x-cloister-model`. */
  readonly name: string;
}

export interface EnvoyConfigArgs {
  readonly host: string;
  /** Applications that may knock: the DNS name in each one's certificate. */
  readonly clients: readonly string[];
  /** The first is the default. */
  readonly models: readonly DoorModel[];
  /** Longest answer, seconds. */
  readonly requestTimeoutSeconds: number;
  /** Tokens of the local limit, requests per minute and pod. */
  readonly requestsPerMinute: number;
}

/** What the door lets through of a model server's interface; its other paths can pause it or load weights. */
export const allowedPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models"] as const;

export const readinessPort = 9903;

type Json = Record<string, unknown>;

const typed = (type: string, fields: Json = {}): Json => ({ "@type": `type.googleapis.com/${type}`, ...fields });
const address = (host: string, port: number): Json => ({ socket_address: { address: host, port_value: port } });
const file = (filename: string): Json => ({ filename: `${tlsPath}/${filename}` });

const identity = (leaf: string): Json => ({
  certificate_chain: file(`${leaf}.crt`),
  private_key: file(`${leaf}.key`),
});

const tlsParameters: Json = { tls_minimum_protocol_version: "TLSv1_3", tls_maximum_protocol_version: "TLSv1_3" };

/** Server side: what we show, and the authority and names the caller must show. */
function serverTls(authority: string | undefined, names: readonly string[] = []): Json {
  const validation =
    authority === undefined
      ? {}
      : {
          validation_context: {
            trusted_ca: file(`${authority}.pem`),
            match_typed_subject_alt_names: names.map((name) => ({ san_type: "DNS", matcher: { exact: name } })),
          },
        };
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
      require_client_certificate: authority !== undefined,
      common_tls_context: { tls_params: tlsParameters, tls_certificates: [identity("door")], ...validation },
    }),
  };
}

/** Client side: what we show, and the one name the server must have. */
function clientTls(leaf: string, serverName: string, protocols: readonly string[]): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
      sni: serverName,
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        alpn_protocols: protocols,
        tls_certificates: [identity(leaf)],
        validation_context: {
          trusted_ca: file("services.pem"),
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: serverName } }],
        },
      },
    }),
  };
}

function modelCluster({ name }: DoorModel): Json {
  const host = `${objectName(name)}.serving.svc`;
  return {
    name: `model-${objectName(name)}`,
    type: "STRICT_DNS",
    connect_timeout: "2s",
    lb_policy: "LEAST_REQUEST",
    circuit_breakers: {
      thresholds: [{ max_connections: 1024, max_pending_requests: 256, max_requests: 1024, max_retries: 8 }],
    },
    outlier_detection: { consecutive_5xx: 5, base_ejection_time: "30s", max_ejection_percent: 50 },
    load_assignment: {
      cluster_name: `model-${objectName(name)}`,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, ports.vllm) } }] }],
    },
    transport_socket: clientTls("caller", host, ["http/1.1"]),
  };
}

function collectorCluster(): Json {
  const host = "collector.audit.svc";
  return {
    name: "collector",
    type: "STRICT_DNS",
    connect_timeout: "2s",
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        { explicit_http_config: { http2_protocol_options: {} } },
      ),
    },
    load_assignment: {
      cluster_name: "collector",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, ports.collector) } }] }],
    },
    transport_socket: clientTls("door", host, ["h2"]),
  };
}

const adminCluster: Json = {
  name: "admin",
  type: "STATIC",
  load_assignment: {
    cluster_name: "admin",
    endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: "/tmp/admin.sock" } } } }] }],
  },
};

/** Metadata of each request, for the record; no prompt, answer or secret is among it. */
function accessLog(): Json {
  const attribute = (key: string, format: string) => ({ key, value: { string_value: format } });
  return {
    name: "envoy.access_loggers.open_telemetry",
    typed_config: typed("envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig", {
      grpc_service: { envoy_grpc: { cluster_name: "collector" }, timeout: "2s" },
      log_name: "door",
      body: { string_value: "%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE%" },
      attributes: {
        values: [
          attribute("request.id", "%REQ(X-REQUEST-ID)%"),
          attribute("client.name", "%DOWNSTREAM_PEER_DNS_SAN%"),
          attribute("client.certificate", "%DOWNSTREAM_PEER_FINGERPRINT_256%"),
          attribute("model", "%REQ(X-CLOISTER-MODEL)%"),
          attribute("response.code", "%RESPONSE_CODE%"),
          attribute("response.flags", "%RESPONSE_FLAGS%"),
          attribute("duration.milliseconds", "%DURATION%"),
          attribute("bytes.received", "%BYTES_RECEIVED%"),
          attribute("bytes.sent", "%BYTES_SENT%"),
        ],
      },
    }),
  };
}

function routes({ models, requestTimeoutSeconds }: EnvoyConfigArgs): Json[] {
  const action = (model: DoorModel): Json => ({
    cluster: `model-${objectName(model.name)}`,
    // Envoy's own 15 s would cut long generations.
    timeout: `${requestTimeoutSeconds}s`,
    idle_timeout: "120s",
    // Only before the first byte: what a client has seen cannot be taken back.
    retry_policy: { retry_on: "connect-failure,refused-stream", num_retries: 2 },
  });
  const named = models.flatMap((model) =>
    allowedPaths.map((path) => ({
      match: { path, headers: [{ name: "x-cloister-model", string_match: { exact: model.name } }] },
      route: action(model),
    })),
  );
  const [first] = models;
  const unnamed = allowedPaths.map((path) => ({
    match: { path, headers: [{ name: "x-cloister-model", present_match: true, invert_match: true }] },
    route: first === undefined ? {} : action(first),
  }));
  return [...named, ...unnamed, { match: { prefix: "/" }, direct_response: { status: 404 } }];
}

function httpManager(statPrefix: string, virtualHost: Json, filters: Json[], more: Json = {}): Json {
  return {
    name: "envoy.filters.network.http_connection_manager",
    typed_config: typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", {
      stat_prefix: statPrefix,
      codec_type: "AUTO",
      use_remote_address: true,
      normalize_path: true,
      merge_slashes: true,
      path_with_escaped_slashes_action: "REJECT_REQUEST",
      common_http_protocol_options: {
        headers_with_underscores_action: "REJECT_REQUEST",
        idle_timeout: "300s",
        max_headers_count: 100,
      },
      request_headers_timeout: "10s",
      max_request_headers_kb: 32,
      server_header_transformation: "PASS_THROUGH",
      forward_client_cert_details: "SANITIZE_SET",
      set_current_client_cert_details: { dns: true },
      route_config: { name: statPrefix, virtual_hosts: [virtualHost] },
      http_filters: [
        ...filters,
        { name: "envoy.filters.http.router", typed_config: typed("envoy.extensions.filters.http.router.v3.Router") },
      ],
      ...more,
    }),
  };
}

const listener = (name: string, port: number, transport: Json, manager: Json): Json => ({
  name,
  address: address("0.0.0.0", port),
  per_connection_buffer_limit_bytes: 1_048_576,
  filter_chains: [{ transport_socket: transport, transport_socket_connect_timeout: "5s", filters: [manager] }],
});

function localLimit(requestsPerMinute: number): Json {
  return {
    name: "envoy.filters.http.local_ratelimit",
    typed_config: typed("envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit", {
      stat_prefix: "door_limit",
      token_bucket: { max_tokens: requestsPerMinute, tokens_per_fill: requestsPerMinute, fill_interval: "60s" },
      filter_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } },
      filter_enforced: { default_value: { numerator: 100, denominator: "HUNDRED" } },
    }),
  };
}

/**
 * The door as Envoy reads it: a listener for applications, one for metrics, one for the kubelet. Everything is mutual TLS
 * but the last, which asks for no certificate and answers nothing but its health.
 */
export function envoyConfig(args: EnvoyConfigArgs): Json {
  const door = httpManager(
    "door",
    { name: "door", domains: [args.host, `${args.host}:*`], routes: routes(args) },
    [localLimit(args.requestsPerMinute)],
    { stream_idle_timeout: "120s", access_log: [accessLog()], drain_timeout: "30s" },
  );
  const metrics = httpManager(
    "metrics",
    {
      name: "metrics",
      domains: ["*"],
      routes: [
        { match: { path: "/stats/prometheus" }, route: { cluster: "admin" } },
        ...args.models.map(({ name }) => ({
          match: { path: `/models/${objectName(name)}` },
          route: { cluster: `model-${objectName(name)}`, prefix_rewrite: "/metrics" },
        })),
        { match: { prefix: "/" }, direct_response: { status: 404 } },
      ],
    },
    [],
  );
  const health = httpManager("health", { name: "health", domains: ["*"], routes: [] }, [
    {
      name: "envoy.filters.http.health_check",
      typed_config: typed("envoy.extensions.filters.http.health_check.v3.HealthCheck", {
        pass_through_mode: false,
        headers: [{ name: ":path", string_match: { exact: "/ready" } }],
      }),
    },
  ]);
  return {
    // A socket in the pod's own scratch space: the admin interface can stop Envoy, so no port leads to it.
    admin: { address: { pipe: { path: "/tmp/admin.sock", mode: 0o600 } } },
    static_resources: {
      listeners: [
        listener("api", ports.door, serverTls("clients", args.clients), door),
        listener("metrics", ports.doorMetrics, serverTls("services", ["prometheus.observability.svc"]), metrics),
        listener("health", readinessPort, serverTls(undefined), health),
      ],
      clusters: [...args.models.map(modelCluster), collectorCluster(), adminCluster],
    },
  };
}
