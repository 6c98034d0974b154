import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from "yaml";

/** Where on this machine something of the cluster stands. */
export interface Places {
  /** Ports of the pod itself: that of the container, and that on 127.0.0.1. */
  readonly own: Readonly<Record<number, number>>;
  /** Ports on 127.0.0.1 of the pods that a name leads to; undefined where it leads to none. */
  readonly of: (name: string, port: number) => readonly number[] | undefined;
  /** The folder that stands for the pod's root. */
  readonly root: string;
}

const folders =
  /(?<![\w.-])\/(?:etc\/(?:tls|envoy|guard|presidio|ledger|collector|prometheus|ratelimit|valkey)|run\/(?:router|valkey|ratelimit)|data|tmp)(?=\/|$)/g;

/** Paths of the container as they are on this machine. */
export const moved = (text: string, { root }: Places): string => text.replaceAll(folders, (path) => `${root}${path}`);

/**
 * A configuration as the cluster gets it, with nothing changed but where things are: addresses, ports and paths. An address
 * that leads nowhere here is left as it is: whoever asks there is told so.
 */
export function configurationHere(text: string, places: Places): string {
  const document = parseDocument(text);
  visit(document, document.contents, places);
  return String(document);
}

function visit(document: Document, node: unknown, places: Places): void {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) node.items[index] = replaced(document, item, places);
  } else if (isMap(node)) {
    endpoints(document, node, places);
    targets(document, node, places);
    listens(document, node, places);
    for (const pair of node.items) pair.value = replaced(document, pair.value, places);
  }
}

function replaced(document: Document, node: unknown, places: Places): unknown {
  if (!isScalar(node) || typeof node.value !== "string") {
    visit(document, node, places);
    return node;
  }
  // Programs within a configuration, such as a filter's, hold no place.
  if (node.value.includes("\n")) return node;
  node.value = url(moved(node.value, places), places);
  return node;
}

/**
 * `https://ledger-0.ledger.audit.svc:8447` leads to one pod, which has one port here; `dns:///ratelimit.gateway.svc:8081` leads
 * to all pods behind the name, as gRPC writes it; `0.0.0.0:4317` is a port of the pod's own, as programs written in Go are told.
 */
function url(text: string, places: Places): string {
  const [, own] = /^0\.0\.0\.0:(\d+)$/.exec(text) ?? [];
  if (own !== undefined) return `127.0.0.1:${places.own[Number(own)] ?? own}`;
  const [, name, at] = /^dns:\/\/\/([a-z0-9.-]+\.svc):(\d+)$/.exec(text) ?? [];
  if (name !== undefined) {
    const all = places.of(name, Number(at)) ?? [];
    return all.length === 0 ? text : `ipv4:${all.map((port) => `127.0.0.1:${port}`).join(",")}`;
  }
  const [, scheme, host, port, path = ""] = /^(https?):\/\/([a-z0-9.-]+\.svc):(\d+)(\/.*)?$/.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return text;
  const [here] = places.of(host, Number(port)) ?? [];
  return here === undefined ? text : `${scheme}://127.0.0.1:${here}${path}`;
}

/** An environment variable: paths, and the pod's own address and port where it is named one. */
export function variableHere(key: string, value: string, places: Places): string {
  if (value === "0.0.0.0") return "127.0.0.1";
  const own = key.endsWith("PORT") ? places.own[Number(value)] : undefined;
  return own === undefined ? moved(value, places) : String(own);
}

/** Envoy asks the cluster's DNS for all pods behind a name; here they are written down. */
function endpoints(document: Document, map: YAMLMap, places: Places): void {
  const list = map.get("lb_endpoints");
  if (!isSeq(list)) return;
  const here = list.items.flatMap((item): unknown[] => {
    const socket = isMap(item) ? item.getIn(["endpoint", "address", "socket_address"]) : undefined;
    if (!isMap(item) || !isMap(socket)) return [item];
    const found = places.of(String(socket.get("address")), Number(socket.get("port_value")));
    const { endpoint } = item.toJSON() as { endpoint: object };
    return (found ?? []).map((port) =>
      document.createNode({
        endpoint: { ...endpoint, address: { socket_address: { address: "127.0.0.1", port_value: port } } },
      }),
    );
  });
  map.set("lb_endpoints", document.createNode(here.length > 0 ? here : list.items));
}

/** So does Prometheus; who answers must still bear the name that was asked for. */
function targets(document: Document, map: YAMLMap, places: Places): void {
  const [lookup] = (map.toJSON() as { dns_sd_configs?: { names: string[]; port: number }[] }).dns_sd_configs ?? [];
  if (lookup === undefined) return;
  const found = lookup.names.flatMap((name) => places.of(name, lookup.port) ?? []);
  if (found.length === 0) return;
  map.delete("dns_sd_configs");
  map.set("static_configs", document.createNode([{ targets: found.map((port) => `127.0.0.1:${port}`) }]));
}

/** `0.0.0.0` is the pod's own address: here each pod has ports of its own on the one address there is. */
function listens(document: Document, map: YAMLMap, places: Places): void {
  for (const field of ["port_value", "port"]) {
    const port = Number(map.get(field));
    if (map.get("address") !== "0.0.0.0" || places.own[port] === undefined) continue;
    map.set("address", "127.0.0.1");
    map.set(field, places.own[port]);
  }
}
