import { addressesOf, clusterOf, list, type EnvoyDoor } from "./envoy";
import { GATEWAY, SERVING, zoneOfHost } from "./zones";
import type { Properties } from "../rule";

/** What applications are given of a model server. All else of it can pause it, load weights, or answer past the guard. */
const apiPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models"];
const statistics = "/stats/prometheus";

const hostsOf = ({ http }: EnvoyDoor): Properties[] => list(http.route_config?.virtual_hosts);
const routesOf = (door: EnvoyDoor): Properties[] => hostsOf(door).flatMap((host): Properties[] => list(host.routes));

const clustersOf = (action: Properties): unknown[] => [
  action?.cluster,
  ...list(action?.weighted_clusters?.clusters).map(({ name }) => name as unknown),
];

const leadsTo = (envoy: Properties, route: Properties, zones: readonly string[]): boolean =>
  clustersOf(route.route).some((name) =>
    addressesOf(clusterOf(envoy, name)).some(({ host }) => zones.includes(zoneOfHost(host) ?? "")),
  );

const isMetrics = ({ match, route }: Properties): boolean =>
  match?.path !== undefined && route?.prefix_rewrite === "/metrics";

/** Routes by which a prompt travels on: to the guard, or from it to a model. */
const promptRoutes = (envoy: Properties, door: EnvoyDoor): Properties[] =>
  routesOf(door).filter((route) => leadsTo(envoy, route, [SERVING, GATEWAY]) && !isMetrics(route));

/** Whether a door within a pod brings prompts to model servers: the way on from the guard. */
export const leadsToServers = (envoy: Properties, door: EnvoyDoor): boolean =>
  promptRoutes(envoy, door).some((route) => leadsTo(envoy, route, [SERVING]));

/** Why more of a model server, or of Envoy itself, is open than the API; undefined where nothing is. */
export function openPaths(envoy: Properties, door: EnvoyDoor): string | undefined {
  if (door.http.route_config === undefined) return "its routes come from elsewhere and are seen by no rule";
  const blind = routesOf(door).find(({ match }) => !match?.path && !match?.prefix && !match?.safe_regex);
  if (blind !== undefined) return "a route does not say for which path it is";
  const open = promptRoutes(envoy, door).find(
    ({ match, route }) =>
      !apiPaths.includes(String(match?.path)) ||
      ["prefix_rewrite", "regex_rewrite", "path_rewrite", "path_rewrite_policy"].some((key) => route?.[key]),
  );
  if (open !== undefined) return `${String(open.match?.path ?? open.match?.prefix)} of a model server is open`;
  const admin = routesOf(door).find(
    (route) => clustersOf(route.route).some((name) => isAdmin(envoy, name)) && route.match?.path !== statistics,
  );
  return admin === undefined ? undefined : "Envoy's own interface is open besides its statistics";
}

function adminSocket(envoy: Properties): Properties {
  const address: Properties = envoy.admin?.address;
  return address;
}

/** Whether a cluster leads to the interface by which an Envoy can be stopped. */
function isAdmin(envoy: Properties, name: unknown): boolean {
  const path: unknown = adminSocket(envoy)?.pipe?.path;
  const ends = list(clusterOf(envoy, name)?.load_assignment?.endpoints).flatMap(({ lb_endpoints: all }): Properties[] =>
    list(all),
  );
  return path !== undefined && ends.some(({ endpoint }) => endpoint?.address?.pipe?.path === path);
}

/** Whether others than the pod's own programs reach the interface by which an Envoy can be stopped. */
export function openAdmin(envoy: Properties): string | undefined {
  const address = adminSocket(envoy);
  const host = String(address?.socket_address?.address ?? "");
  const within = address === undefined || Boolean(address.pipe?.path) || /^(127\.|::1$)/.test(host);
  return within ? undefined : "Envoy's own interface, which can stop it, is open to others";
}

/** Each for the case that nothing of a request was read by whom it is taken from. */
const beforeAnything = ["connect-failure", "refused-stream", "reset-before-request"];
/** A server that is going says so with 503, and has computed nothing. */
const going = 503;

function again(policy: Properties): string | undefined {
  const events = String(policy?.retry_on ?? "")
    .split(",")
    .map((event) => event.trim())
    .filter(Boolean);
  const codes = (policy?.retriable_status_codes ?? []) as unknown[];
  return events.find(
    (event) =>
      !beforeAnything.includes(event) &&
      !(event === "retriable-status-codes" && codes.length > 0 && codes.every((code) => code === going)),
  );
}

/** Why what has begun could be done twice, and stand on the record twice; undefined where it could not. */
export function repeated(envoy: Properties, door: EnvoyDoor): string | undefined {
  const routes = promptRoutes(envoy, door);
  const policies = [
    ...hostsOf(door).map((host): Properties => host.retry_policy),
    ...routes.map(({ route }): Properties => route?.retry_policy),
  ];
  const event = policies.map(again).find((one) => one !== undefined);
  if (event !== undefined) return `a request is sent again on ${event}, when it may have been answered`;
  const mirrored = routes.some(({ route }) => list(route?.request_mirror_policies).length > 0 || route?.hedge_policy);
  return mirrored ? "a request is sent to two at once" : undefined;
}

/** Why a request for one model could be answered by another; undefined where it could not. */
export function confused(envoy: Properties, door: EnvoyDoor): string | undefined {
  const named = new Map<string, string>();
  for (const route of promptRoutes(envoy, door).filter((one) => leadsTo(envoy, one, [SERVING]))) {
    const model = list(route.match?.headers).find(
      ({ name, string_match: by }) => /model$/.test(String(name)) && by?.exact,
    );
    const cluster = String(route.route?.cluster);
    if (model === undefined) return `${cluster} answers for whatever model was asked for`;
    const name = String(model.string_match.exact);
    if ((named.get(name) ?? cluster) !== cluster) return `${name} is answered by two`;
    named.set(name, cluster);
  }
  return undefined;
}
