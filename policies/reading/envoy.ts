import { documentsOf } from "./configuration";
import { validationOf } from "./envoy-tls";
import { GATEWAY, SERVING, zoneOfHost } from "./zones";
import type { Properties, Subject } from "../rule";

/** The elements of a list; none where there is no list. */
export const list = (value: unknown): Properties[] => (Array.isArray(value) ? value : []);
const config = (extension: Properties): Properties => extension?.typed_config;

/** One way in: how a listener shakes hands, and what it does with requests. */
export interface EnvoyDoor {
  readonly name: string;
  /** It is a socket within the pod: nobody outside can knock there. */
  readonly within: boolean;
  /** The TLS context towards callers; undefined where there is none. */
  readonly tls: Properties;
  /** The HTTP connection manager. */
  readonly http: Properties;
  readonly filters: readonly Properties[];
}

/** The files of a ConfigMap that are configurations of Envoy. */
export const envoysIn = (configMap: Subject): Properties[] =>
  [...documentsOf(configMap).values()].filter((one) => one.static_resources !== undefined);

/** Every listener's connection managers. A listener that speaks no HTTP has none. */
export function doorsOf(envoy: Properties): EnvoyDoor[] {
  return chainsOf(envoy).flatMap(({ name, within, chain }) =>
    list(chain.filters)
      .map(config)
      .filter((http) => typed(http, "HttpConnectionManager"))
      .map((http): EnvoyDoor => ({
        name,
        within,
        tls: config(chain.transport_socket),
        http,
        filters: list(http.http_filters)
          .filter(({ disabled }) => disabled !== true)
          .map(config),
      })),
  );
}

interface Chain {
  readonly name: string;
  readonly within: boolean;
  readonly chain: Properties;
}

const chainsOf = (envoy: Properties): Chain[] =>
  list(envoy.static_resources?.listeners).flatMap((listener) =>
    list(listener.filter_chains).map((chain) => ({
      name: String(listener.name),
      within: listener.address?.pipe !== undefined,
      chain,
    })),
  );

/** What of a configuration cannot be read in it: listeners that come from elsewhere or pass on bytes, in a sentence. */
export function hiddenIn(envoy: Properties): string | undefined {
  if (envoy.dynamic_resources !== undefined) return "listeners or clusters come from elsewhere and are seen by no rule";
  const opaque = chainsOf(envoy).find(
    ({ within, chain }) =>
      !within &&
      list(chain.filters).some(
        (filter) => !typed(config(filter), "HttpConnectionManager") && !ownStore(envoy, chain, config(filter)),
      ),
  );
  return opaque && `listener ${opaque.name} passes on what is not read as HTTP`;
}

/**
 * Bytes for a program of this very pod, from callers that are services by name, in an Envoy that leads nowhere else: a store
 * behind its front. No request for a model comes that way.
 */
function ownStore(envoy: Properties, chain: Properties, proxy: Properties): boolean {
  const tls = config(chain.transport_socket);
  const names = list(validationOf(tls?.common_tls_context)?.match_typed_subject_alt_names);
  const services = names.length > 0 && names.every(({ matcher }) => /\.svc$/.test(String(matcher?.exact)));
  return (
    typed(proxy, "TcpProxy") &&
    clusterOf(envoy, proxy.cluster) !== undefined &&
    list(envoy.static_resources?.clusters).every(leadsWithinPod) &&
    tls?.require_client_certificate === true &&
    services
  );
}

/** Every end is a socket in the pod's own file system; one that is looked up elsewhere has none. */
const leadsWithinPod = (cluster: Properties): boolean => {
  const ends = list(cluster?.load_assignment?.endpoints).flatMap(({ lb_endpoints: all }): Properties[] => list(all));
  return ends.length > 0 && ends.every(({ endpoint }) => endpoint?.address?.pipe !== undefined);
};

/** Whether a route, or a group of routes, of a door says of its filters what the door itself does not. */
export function differsByRoute({ http }: EnvoyDoor): boolean {
  const hosts = list(http.route_config?.virtual_hosts);
  const routes = hosts.flatMap((host): Properties[] => list(host.routes));
  return [http.route_config, ...hosts, ...routes].some(
    (one: Properties) => Object.keys((one?.typed_per_filter_config ?? {}) as object).length > 0,
  );
}

/** A filter of a door, by the end of its type, such as `LocalRateLimit`. */
export const filterOf = ({ filters }: EnvoyDoor, type: string): Properties =>
  filters.find((filter) => typed(filter, type));

/** A filter of a door by its name, as it stands there; one that is off is none. */
export const filterNamed = ({ http }: EnvoyDoor, wanted: string): Properties =>
  list(http.http_filters).find(({ name, disabled }) => name === wanted && disabled !== true);

export const typed = (extension: Properties, type: string): boolean =>
  String(extension?.["@type"]).endsWith(`.${type}`);

export const clusterOf = (envoy: Properties, name: unknown): Properties =>
  list(envoy.static_resources?.clusters).find((cluster) => cluster.name === name);

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a cluster leads. */
export const addressesOf = (cluster: Properties): Address[] =>
  list(cluster?.load_assignment?.endpoints).flatMap(({ lb_endpoints: ends }): Address[] =>
    list(ends).flatMap(({ endpoint }): Address[] => {
      const socket = endpoint?.address?.socket_address;
      return socket === undefined ? [] : [{ host: String(socket.address), port: Number(socket.port_value) }];
    }),
  );

/** Straight to the models, or to what is behind the door in its own zone: the guard, which leads there. */
const leadsToModels = (envoy: Properties, name: unknown): boolean =>
  addressesOf(clusterOf(envoy, name)).some(({ host }) => [SERVING, GATEWAY].includes(zoneOfHost(host) ?? ""));

/** Metrics of a model server, and nothing that a model would answer. */
const onlyMetrics = ({ match, route }: Properties): boolean =>
  match?.path !== undefined && route?.prefix_rewrite === "/metrics";

/**
 * Whether a request through this door can reach a model. Routes that come from elsewhere, and clusters that a request chooses
 * by itself, may lead anywhere.
 */
export function reachesModels(envoy: Properties, { http, within }: EnvoyDoor): boolean {
  // Whoever asks there is a program of the same pod, which came through a door itself.
  if (within) return false;
  if (http.route_config === undefined) return true;
  return list(http.route_config.virtual_hosts)
    .flatMap((host): Properties[] => list(host.routes))
    .some((one) => {
      const { route } = one;
      if (route === undefined || onlyMetrics(one)) return false;
      const named = [route.cluster, ...list(route.weighted_clusters?.clusters).map(({ name }) => name as unknown)];
      return route.cluster_header !== undefined || named.some((name) => leadsToModels(envoy, name));
    });
}
