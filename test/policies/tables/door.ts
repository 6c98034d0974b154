import { first, UNKNOWN, type Change, type RuleTables } from "./table";
import { doorFiles, guardFiles } from "../recorded-door";
import type { Properties } from "../../../policies/rule";

type Break = (document: Properties) => unknown;
interface Violation extends Change {
  readonly judged: string;
}

const files = (of: string, value: object): Violation => ({ of, path: "data", value, judged: of });
const edge = (change: Break) => files("door-configuration", doorFiles(change));
const verifying = (change: Break) => files("door-configuration", doorFiles(undefined, change));
const router = (change: Break) => files("guard-configuration", guardFiles(undefined, { "router.yaml": change }));
/** What leads to the models: the first listener of the door. */
const api = (change: Break) => edge(({ static_resources: { listeners } }) => change(listeners[0]));

const rightsOf = (listener: Properties): Properties => filterOf(listener, "rbac").rules;
/** What the one right of the door asks of a person. */
const wantedOf = (listener: Properties): Properties[] =>
  rightsOf(listener).policies.users.principals[0].and_ids.ids as Properties[];
/** What it may be asked for. */
const asked = (listener: Properties): Properties[] =>
  rightsOf(listener).policies.users.permissions[0].or_rules.rules as Properties[];
const matcherOf = (condition: Properties): Properties => condition.sourced_metadata.metadata_matcher;
const factorPath = (listener: Properties): unknown[] =>
  matcherOf(wantedOf(listener)[1].or_ids.ids[0]).path as unknown[];
const readingOf = (listener: Properties): Properties => filterOf(listener, "json_to_metadata").request_rules.rules[0];
const monitorsOf = (manager: Properties): Properties[] => manager.resource_monitors as Properties[];
const mutationsOf = (listener: Properties): Properties[] =>
  httpOf(listener).early_header_mutation_extensions[0].typed_config.mutations as Properties[];
const routesOf = (listener: Properties): Properties[] =>
  httpOf(listener).route_config.virtual_hosts[0].routes as Properties[];

interface Filter {
  readonly name: string;
  readonly typed_config: Properties;
  disabled?: boolean;
}

const tlsOf = (listener: Properties): Properties => listener.filter_chains[0].transport_socket.typed_config;
const httpOf = (listener: Properties): Properties => listener.filter_chains[0].filters[0].typed_config;
const validationOf = (listener: Properties): Properties => tlsOf(listener).common_tls_context.validation_context;
interface Manager {
  http_filters: Filter[];
  readonly route_config: { readonly virtual_hosts: readonly Properties[] };
}

const filtersOf = (listener: Properties): Filter[] => managerOf(listener).http_filters;
const shared = {
  "@type": "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit",
  failure_mode_deny: true,
  rate_limits: [{ actions: [{ request_headers: { header_name: "x-cloister-person" } }] }],
};

const switchOff = (filter: Filter): void => {
  filter.disabled = true;
};

function managerOf(listener: Properties): Manager {
  const manager: Manager = listener.filter_chains[0].filters[0].typed_config;
  return manager;
}
const isCalled = (name: string) => (filter: Filter) => filter.name === `envoy.filters.http.${name}`;
function filterOf(listener: Properties, name: string): Properties {
  const found: Properties = managerOf(listener).http_filters.find(isCalled(name));
  return found.typed_config;
}
const drop = (listener: Properties, name: string): void => {
  const manager = managerOf(listener);
  manager.http_filters = manager.http_filters.filter((filter) => !isCalled(name)(filter));
};

/** What is asked of the door itself, and of the way on from the guard. */
export const door: RuleTables = {
  "AI-08": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.args`, value: ["--model", "/models/one"] },
      { of: "vllm", path: `${first}.args`, value: ["--max-model-len", "0"] },
      api((listener) => (tlsOf(listener).require_client_certificate = false)),
      api((listener) => delete validationOf(listener).trusted_ca),
      api((listener) => (validationOf(listener).match_typed_subject_alt_names = [])),
      api((listener) => (validationOf(listener).match_typed_subject_alt_names[0].matcher = { prefix: "support" })),
      api((listener) => delete listener.filter_chains[0].transport_socket),
      edge(
        ({ static_resources: { listeners } }) =>
          (httpOf(listeners[1]).set_current_client_cert_details = { subject: true }),
      ),
      edge((envoy) => delete envoy.overload_manager),
      api((listener) => (httpOf(listener).normalize_path = false)),
      api((listener) => delete httpOf(listener).path_with_escaped_slashes_action),
      api((listener) => (httpOf(listener).use_remote_address = false)),
      api((listener) => (httpOf(listener).forward_client_cert_details = "FORWARD_ONLY")),
      api((listener) => delete httpOf(listener).stream_idle_timeout),
      api((listener) => (httpOf(listener).max_request_headers_kb = 32_000)),
      api((listener) => (filterOf(listener, "local_ratelimit").token_bucket.max_tokens = 600_000)),
      api((listener) => (filterOf(listener, "buffer").max_request_bytes = 262_144_000)),
      api((listener) => drop(listener, "local_ratelimit")),
      api((listener) => delete filterOf(listener, "local_ratelimit").filter_enforced),
      api((listener) => (filterOf(listener, "local_ratelimit").filter_enabled.default_value.numerator = 50)),
      ...[
        { ...shared, failure_mode_deny: false },
        { ...shared, rate_limits: [{ actions: [{ remote_address: {} }] }] },
      ].map((limit) => api((listener) => (filtersOf(listener)[0] = { name: "shared", typed_config: limit }))),
      api((listener) => drop(listener, "buffer")),
      api((listener) => drop(listener, "jwt_authn")),
      api((listener) => drop(listener, "lua")),
      api((listener) => drop(listener, "rbac")),
      api(
        (listener) => (filterOf(listener, "lua").default_source_code.inline_string = "function envoy_on_request() end"),
      ),
      api((listener) => (rightsOf(listener).action = "LOG")),
      api((listener) => (rightsOf(listener).policies = {})),
      api((listener) => (rightsOf(listener).policies.users.principals = [{ any: true }])),
      api((listener) => void wantedOf(listener).pop()),
      api((listener) => void wantedOf(listener).shift()),
      api((listener) => (rightsOf(listener).policies.users.permissions = [{ any: true }])),
      api((listener) => delete httpOf(listener).request_timeout),
      api((listener) => (httpOf(listener).preserve_external_request_id = true)),
      api((listener) => delete httpOf(listener).route_config),
      api((listener) => delete httpOf(listener).early_header_mutation_extensions),
      ...[0, 1, 2, 3, 4, 5].map((index) => api((listener) => void mutationsOf(listener).splice(index, 1))),
      api((listener) => (mutationsOf(listener)[0].remove_on_match.key_matcher.prefix = "x-cloister-person")),
      api((listener) => (routesOf(listener)[0].match = { prefix: "/" })),
      api((listener) => (routesOf(listener)[0].match = { path: "/pause" })),
      api((listener) => (routesOf(listener)[0].match = {})),
      api((listener) => (routesOf(listener)[0].route.prefix_rewrite = "/invocations")),
      edge(({ static_resources: { listeners } }) => (routesOf(listeners[1])[0].match = { prefix: "/" })),
      edge((envoy) => (envoy.admin.address = { socket_address: { address: "0.0.0.0", port_value: 9901 } })),
      edge(({ overload_manager: manager }) => void monitorsOf(manager).pop()),
      edge(({ overload_manager: manager }) => (manager.resource_monitors[1].typed_config.max_heap_size_bytes *= 1000)),
      ...[0, 2, 3].map((index) =>
        edge(({ overload_manager: manager }) => void (manager.actions as unknown[]).splice(index, 1)),
      ),
      edge(({ overload_manager: manager }) => (manager.actions[3].triggers[0].threshold.value = 0)),
      edge(({ overload_manager: manager }) => (manager.actions[3].triggers[0].name = "another")),
      api((listener) => drop(listener, "json_to_metadata")),
      api((listener) => (readingOf(listener).selectors[0].key = "prompt")),
      api((listener) => (readingOf(listener).on_present.key = "other")),
      api((listener) => delete readingOf(listener).on_error.metadata_namespace),
      api((listener) => managerOf(listener).http_filters.reverse()),
      api((listener) => (matcherOf(wantedOf(listener)[0]).path[1].key = "sub")),
      api((listener) => (matcherOf(wantedOf(listener)[0]).path = [])),
      api((listener) => (matcherOf(wantedOf(listener)[0]).filter = "envoy.filters.http.lua")),
      api((listener) => (matcherOf(wantedOf(listener)[0]).value.list_match.one_of.string_match = {})),
      api((listener) => (matcherOf(wantedOf(listener)[0]).value.list_match.one_of.string_match = { prefix: "u" })),
      api((listener) => (matcherOf(wantedOf(listener)[0]).invert = true)),
      api(
        (listener) =>
          (matcherOf(wantedOf(listener)[1].or_ids.ids[0]).value.list_match.one_of.string_match.exact = "pwd"),
      ),
      api((listener) => void factorPath(listener).pop()),
      api((listener) => (wantedOf(listener)[1] = { not_id: wantedOf(listener)[1] })),
      api((listener) => (asked(listener)[0] = { not_rule: asked(listener)[0] })),
      api((listener) => (asked(listener)[1].url_path.path.exact = "/v1/chat/completions")),
      api((listener) => (asked(listener)[1].url_path.path = { prefix: "/v1" })),
      api((listener) => (rightsOf(listener).policies.users.permissions = [])),
      api((listener) => (rightsOf(listener).policies.users.condition = { const_expr: {} })),
      verifying(({ providers }) => (providers.company.issuer = "")),
      verifying(({ providers }) => (providers.company.audiences = [])),
      verifying(({ providers }) => (providers.company.require_expiration = false)),
      verifying(({ providers }) => delete providers.company.local_jwks),
      verifying(({ providers }) => (providers.company.forward = true)),
      verifying(({ providers }) => delete providers.company.from_headers),
      verifying(({ providers }) => delete providers.company.payload_in_metadata),
      verifying(({ providers }) => (providers.company.clock_skew_seconds = 86_400)),
      ...[
        [],
        [{ kty: "oct", k: "c2VjcmV0" }],
        [{ kty: "RSA", n: "c2hvcnQ", e: "AQAB" }],
        [{ kty: "EC", crv: "P-256" }],
      ].map((keys) =>
        verifying(({ providers }) => (providers.company.local_jwks.inline_string = JSON.stringify({ keys }))),
      ),
      verifying(({ providers }) => (providers.company.local_jwks.inline_string = "keys")),
      api((listener) => {
        const followed: Properties = managerOf(listener).http_filters.find(isCalled("jwt_authn"));
        delete followed.config_discovery.config_source.path_config_source.watched_directory;
      }),
      router(({ static_resources: { listeners } }) => delete routesOf(listeners[0])[0].match.headers),
      router(({ static_resources: { listeners, clusters } }) => {
        (clusters as Properties[]).push({ ...clusters[0], name: "another" });
        routesOf(listeners[0]).push({ ...routesOf(listeners[0])[0], route: { cluster: "another" } });
      }),
      router(({ static_resources: { listeners } }) => delete routesOf(listeners[1])[1].route.prefix_rewrite),
      verifying((filter) => (filter.rules = [])),
      verifying((filter) => (filter.rules[0].match = { prefix: "/v1/chat" })),
      verifying((filter) => (filter.rules[0].requires = { allow_missing: {} })),
      verifying((filter) => (filter.bypass_cors_preflight = true)),
      api((listener) => managerOf(listener).http_filters.forEach(switchOff)),
      api((listener) => {
        const [host] = managerOf(listener).route_config.virtual_hosts;
        host.routes[0].typed_per_filter_config = { "envoy.filters.http.local_ratelimit": {} };
      }),
      api(
        (listener) => (listener.filter_chains[0].filters[0].typed_config["@type"] = "type.googleapis.com/x.TcpProxy"),
      ),
    ],
    unknown: { of: "vllm", path: `${first}.args`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "models" },
  },
};
