import type { EnvoyDoor } from "./envoy";
import type { Properties } from "../rule";

/** Most connections, streams, headers and kilobytes of headers that a door takes: Envoy's own advice for edges, with room. */
const most = { connections: 50_000, streams: 1000, headers: 200, kilobytes: 96 };

const bounded = (value: unknown, ceiling: number): boolean => Number(value) > 0 && Number(value) <= ceiling;
const duration = (value: unknown): boolean => /^[\d.]*[1-9][\d.]*s$/.test(String(value));

/** What one caller may do to a door that starves or fools the others, in words; undefined where it is bounded. */
export function unboundedDoor({ http }: EnvoyDoor): string | undefined {
  const common = (http.common_http_protocol_options ?? {}) as Record<string, unknown>;
  const waits = [
    [http.request_headers_timeout, "a request's headers may take for ever"],
    [http.stream_idle_timeout, "a stream may stay silent for ever"],
    [common["idle_timeout"], "a connection may stay silent for ever"],
    [common["max_connection_duration"], "a connection outlives its certificate"],
  ] as const;
  const wait = waits.find(([value]) => !duration(value));
  if (wait !== undefined) return wait[1];
  if (!bounded(http.max_request_headers_kb, most.kilobytes)) return "headers are not bounded in size";
  if (!bounded(common["max_headers_count"], most.headers)) return "headers are not bounded in number";
  if (!bounded(http.http2_protocol_options?.max_concurrent_streams, most.streams))
    return "streams of one connection are not bounded";
  return undefined;
}

/** Ways to write one path in two ways, or to say who one is: what matches a route must be what the model server reads. */
export function foolableDoor({ http }: EnvoyDoor): string | undefined {
  if (http.normalize_path !== true) return "a path may be written past the routes: normalize_path is off";
  if (!/^(REJECT_REQUEST|UNESCAPE_AND_(REDIRECT|FORWARD))$/.test(String(http.path_with_escaped_slashes_action)))
    return "an escaped slash is passed on";
  const underscores = String(http.common_http_protocol_options?.headers_with_underscores_action);
  if (!/^(REJECT_REQUEST|DROP_HEADER)$/.test(underscores)) return "headers with underscores pass for others";
  if (http.use_remote_address !== true) return "a caller says itself where it comes from";
  // Left out, Envoy sanitises: SANITIZE is the default.
  return /^(SANITIZE|SANITIZE_SET)$/.test(String(http.forward_client_cert_details ?? "SANITIZE"))
    ? undefined
    : "a caller says itself what its certificate was";
}

/** Connections of all callers together; undefined where they are bounded. */
export function unboundedConnections(envoy: Properties): string | undefined {
  const monitors = (envoy.overload_manager?.resource_monitors ?? []) as Properties[];
  return monitors.some(({ typed_config: one }) => bounded(one?.max_active_downstream_connections, most.connections))
    ? undefined
    : "connections are not bounded";
}
