import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { address, typed, type Json } from "./envoy-fields";
import { clientTls } from "./envoy-tls";

/** The admin interface can stop Envoy: a socket in the pod's own scratch space, and no port leads to it. */
export const adminAddress = (path: string): Json => ({ pipe: { path, mode: 0o600 } });

/** The guards, each a pod that the name leads to. Whoever answers there has to have the guard's own certificate. */
export function guardCluster(): Json {
  const host = "guard.gateway.svc";
  return {
    name: "guard",
    type: "STRICT_DNS",
    connect_timeout: "2s",
    lb_policy: "LEAST_REQUEST",
    circuit_breakers: breakers,
    // The guard closes a connection after 75 s of silence: one that it is about to close must not be used again.
    typed_extension_protocol_options: keptAlive("60s"),
    outlier_detection: fewOthers,
    load_assignment: endpoints("guard", address(host, ports.guard)),
    transport_socket: clientTls("door", host, "http/1.1"),
  };
}

/** There are few: one that comes back has to be used again before another one goes. */
const fewOthers: Json = {
  consecutive_gateway_failure: 5,
  interval: "1s",
  base_ejection_time: "1s",
  max_ejection_time: "3s",
  max_ejection_percent: 50,
};

/** Name of the cluster of a model's servers. */
export const modelClusterName = (model: string): string => `model-${objectName(model)}`;

/** HTTP/1.1 whose silent connections are closed here first: a request on one that the other side closes would be lost. */
const keptAlive = (idle: string): Json => ({
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
    {
      common_http_protocol_options: { idle_timeout: idle },
      explicit_http_config: { http_protocol_options: {} },
    },
  ),
});

const http2 = (options: Json = {}): Json => ({
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
    { explicit_http_config: { http2_protocol_options: options } },
  ),
});

const breakers: Json = {
  thresholds: [
    {
      max_connections: 1024,
      max_pending_requests: 256,
      max_requests: 1024,
      // Where many fail at once, tries on top would keep them down. But while one of two pods is replaced, half of all
      // requests need another try, and nothing was done for them yet.
      retry_budget: { budget_percent: { value: 50 }, min_retry_concurrency: 64 },
    },
  ],
};

const endpoints = (cluster: string, at: Json): Json => ({
  cluster_name: cluster,
  endpoints: [{ lb_endpoints: [{ endpoint: { address: at } }] }],
});

/** The servers of a model. Their service has no address of its own: its name leads to every pod, and Envoy balances. */
export function modelCluster(model: string): Json {
  const name = modelClusterName(model);
  const host = `${objectName(model)}.serving.svc`;
  return {
    name,
    type: "STRICT_DNS",
    connect_timeout: "2s",
    lb_policy: "LEAST_REQUEST",
    circuit_breakers: breakers,
    // vLLM's server closes a connection after 5 s of silence.
    typed_extension_protocol_options: keptAlive("4s"),
    outlier_detection: {
      consecutive_5xx: 5,
      // Envoy's own ten seconds would keep a server out that is back long since.
      interval: "1s",
      base_ejection_time: "2s",
      max_ejection_time: "5s",
      max_ejection_percent: 50,
    },
    load_assignment: endpoints(name, address(host, ports.vllm)),
    transport_socket: clientTls("caller", host, "http/1.1"),
  };
}

export function collectorCluster(): Json {
  const host = "collector.audit.svc";
  return {
    name: "collector",
    type: "STRICT_DNS",
    connect_timeout: "2s",
    typed_extension_protocol_options: http2(),
    load_assignment: endpoints("collector", address(host, ports.collector)),
    transport_socket: clientTls("door", host, "h2"),
  };
}

/** The services that count requests of persons and groups. */
export function rateLimitCluster(): Json {
  const host = "ratelimit.gateway.svc";
  return {
    name: "ratelimit",
    type: "STRICT_DNS",
    connect_timeout: "1s",
    lb_policy: "LEAST_REQUEST",
    // One that is gone without a word is noticed by its silence, not by the first person who is refused for it.
    typed_extension_protocol_options: http2({ connection_keepalive: { interval: "10s", timeout: "2s" } }),
    outlier_detection: fewOthers,
    load_assignment: endpoints("ratelimit", address(host, ports.rateLimit)),
    transport_socket: clientTls("door", host, "h2"),
  };
}

/** The way from the metrics listener to Envoy's own statistics. */
export const adminCluster = (path: string): Json => ({
  name: "admin",
  type: "STATIC",
  load_assignment: endpoints("admin", { pipe: { path } }),
});
