import { list, type EnvoyDoor } from "./envoy";
import type { Properties } from "../rule";

/**
 * Most connections, streams, headers and kilobytes of headers that a door takes: Envoy's own advice for edges, with room. A heap
 * larger than that no node gives to one pod.
 */
const most = { connections: 50_000, streams: 1000, headers: 200, kilobytes: 96, heapBytes: 64 * 1024 ** 3 };

const bounded = (value: unknown, ceiling: number): boolean => Number(value) > 0 && Number(value) <= ceiling;
const duration = (value: unknown): boolean => /^[\d.]*[1-9][\d.]*s$/.test(String(value));

/** What one caller may do to a door that starves or fools the others, in words; undefined where it is bounded. */
export function unboundedDoor({ http }: EnvoyDoor): string | undefined {
  const common = (http.common_http_protocol_options ?? {}) as Record<string, unknown>;
  const waits = [
    [http.request_headers_timeout, "a request's headers may take for ever"],
    [http.request_timeout, "a request may take for ever to arrive"],
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
  // A number of the caller's own choosing lets one request pass for another on the record.
  if (http.preserve_external_request_id === true) return "a caller says itself which request it is";
  const underscores = String(http.common_http_protocol_options?.headers_with_underscores_action);
  if (!/^(REJECT_REQUEST|DROP_HEADER)$/.test(underscores)) return "headers with underscores pass for others";
  if (http.use_remote_address !== true) return "a caller says itself where it comes from";
  // Left out, Envoy sanitises: SANITIZE is the default.
  return /^(SANITIZE|SANITIZE_SET)$/.test(String(http.forward_client_cert_details ?? "SANITIZE"))
    ? undefined
    : "a caller says itself what its certificate was";
}

/** Connections of all callers together, and the memory that they take; undefined where they are bounded. */
export function unboundedWhole({ overload_manager: manager }: Properties): string | undefined {
  const monitors = list(manager?.resource_monitors);
  if (!monitors.some(({ typed_config: one }) => bounded(one?.max_active_downstream_connections, most.connections)))
    return "connections are not bounded";
  const heap = monitors.find(({ typed_config: one }) => bounded(one?.max_heap_size_bytes, most.heapBytes));
  if (heap === undefined) return "memory is not bounded: the kernel ends it with every stream it carries";
  const undone = beforeTheEnd.find(([action]) => !actsOn(manager, action, String(heap.name)));
  return undone && `as memory runs out, ${undone[1]}`;
}

/** What an Envoy does as its memory runs out, in the order of its own advice for edges. */
const beforeTheEnd = [
  ["shrink_heap", "none of it is given back"],
  ["stop_accepting_connections", "connections are taken all the same"],
  ["stop_accepting_requests", "requests are taken all the same"],
] as const;

/** Late enough to let it work, and before there is nothing left. */
const actsOn = (manager: Properties, action: string, monitor: string): boolean =>
  list(manager?.actions)
    .filter(({ name }) => name === `envoy.overload_actions.${action}`)
    .flatMap(({ triggers }): Properties[] => list(triggers))
    .some(({ name, threshold }) => name === monitor && Number(threshold?.value) >= 0.5 && Number(threshold.value) < 1);
