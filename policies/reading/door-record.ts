import { addressesOf, clusterOf, list, typed, type Address, type EnvoyDoor } from "./envoy";
import { scriptsOf } from "./envoy-people";
import { AUDIT, zoneOfHost } from "./zones";
import type { Properties } from "../rule";

/** Where a door's access log goes, when it goes to the audit zone over mutual TLS. */
export function recordOf(
  envoy: Properties,
  { http }: EnvoyDoor,
): { readonly end: Address; readonly log: Properties } | undefined {
  for (const { typed_config: log, filter } of list(http.access_log)) {
    // A filter leaves requests out.
    if (filter !== undefined) continue;
    const grpc = log?.grpc_service ?? log?.common_config?.grpc_service;
    const cluster = clusterOf(envoy, grpc?.envoy_grpc?.cluster_name);
    const tls = cluster?.transport_socket?.typed_config;
    const common = tls?.common_tls_context;
    const mutual =
      typed(tls, "UpstreamTlsContext") &&
      list(common?.tls_certificates).length > 0 &&
      Boolean(common?.validation_context?.trusted_ca) &&
      list(common.validation_context.match_typed_subject_alt_names).length > 0;
    const found = addressesOf(cluster).find(({ host }) => zoneOfHost(host) === AUDIT);
    if (mutual && found !== undefined) return { end: found, log };
  }
  return undefined;
}

const called = "what was called";
/** What each record has to tell, and the commands of Envoy that say it; the time of each is the log's own. */
const told: readonly (readonly [string, RegExp])[] = [
  ["who asked", /%DOWNSTREAM_PEER_(DNS_SAN|URI_SAN|SUBJECT)%/],
  ["with which certificate", /%DOWNSTREAM_PEER_(FINGERPRINT_256|SERIAL)%/],
  ["which request it was", /%(REQ\(X-REQUEST-ID\)|STREAM_ID)%/i],
  ["which model", /%(REQ\(X-[A-Z-]*MODEL\)|DYNAMIC_METADATA\([^)]*model[^)]*\))%/i],
  [called, /%REQ\(:METHOD\)%/i],
  ["how it was answered", /%RESPONSE_CODE%/],
  ["whether it was cut short", /%RESPONSE_FLAGS(_LONG)?%/],
  ["what answered it", /%RESPONSE_CODE_DETAILS%/],
  ["how long it took", /%(DURATION|ROUNDTRIP_DURATION)(:[^%]*)?%/],
  ["how much was asked", /%BYTES_RECEIVED%/],
  ["how much was answered", /%BYTES_SENT%/],
];

/** What a script of the door notes of a request: its reasons to refuse one, which nothing else tells. */
const notedBy = (door: EnvoyDoor): (readonly [string, RegExp])[] =>
  scriptsOf(door)
    .flatMap((text) => [...text.matchAll(/dynamicMetadata\(\):set\("([\w.]+)", "([\w.]+)"/g)])
    .map(([, space = "", key = ""]) => [
      `why the door itself did so (${key})`,
      new RegExp(`METADATA\\(${space}:${key}\\)`),
    ]);

const valuesOf = (log: Properties): Properties[] => list(log?.attributes?.values);

/** What a record leaves untold: names without values, and values without names, tell nothing. */
export function untold(log: Properties, door: EnvoyDoor): string[] {
  const attributes = valuesOf(log)
    .filter(({ key, value }) => key && value?.string_value)
    .map(({ value }) => String(value.string_value));
  const body = String(log?.body?.string_value ?? "");
  // The line for people may name the call; the rest has to be found again by its name.
  const says = (what: string, command: RegExp) =>
    attributes.some((text) => command.test(text)) || (what === called && command.test(body));
  return [...told, ...notedBy(door)].filter(([what, command]) => !says(what, command)).map(([what]) => what);
}

/** Headers that hold no secret and no person: what the record may repeat of a request or an answer. */
const plain = /^(:METHOD|X-REQUEST-ID|X-[A-Z-]*MODEL|CONTENT-TYPE|GRPC-STATUS)$/i;

/**
 * What a record tells that nobody could take back from under a lock: a token, a query, a word of the caller's own. Undefined
 * where it tells nothing such.
 */
export function indiscreet(log: Properties): string | undefined {
  const texts = [log?.body, ...valuesOf(log).map(({ value }): Properties => value)].map((one) =>
    String(one?.string_value ?? ""),
  );
  for (const text of texts) {
    const header = [...text.matchAll(/%(?:REQ|RESP|TRAILER)\(([^)?]*)(?:\?([^)]*))?\)/g)]
      .flatMap(([, name, other]) => [name, other])
      .find((name) => name !== undefined && !plain.test(name));
    if (header !== undefined) return header.toUpperCase();
    const path = /%PATH(?!\(NQ\b)[^%]*%|%(QUERY_PARAM|REQUEST_BODY|RESPONSE_BODY)[^%]*%/.exec(text)?.[0];
    if (path !== undefined) return path;
  }
  return undefined;
}
