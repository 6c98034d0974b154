import type { Subject } from "../../policies/rule";
import type { Addition } from "./additions";
import { documentIn, DOCUMENT, valueAt, type Change, type FieldPath } from "./field-path";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const append =
  (element: unknown): Change =>
  (list) => [...((list ?? []) as unknown[]), element];
const become =
  (value: unknown): Change =>
  () =>
    value;

type Loosening = readonly [path: FieldPath, told: string, change: Change];

const manager = ["static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config"] as const;
const route = [...manager, "route_config", "virtual_hosts", 0, "routes", 0] as const;

/** What a door could be told that it is not, by the file. Fields that stand there are broken one by one. */
const ofFiles: Readonly<Record<string, readonly Loosening[]>> = {
  "envoy.yaml": [
    [[...route, "match"], "→ every path", become({ prefix: "/" })],
    [[...route, "match"], "→ what pauses a model", become({ path: "/pause" })],
    [[...route, "route", "prefix_rewrite"], "+ a path that loads weights", become("/v1/load_lora_adapter")],
    [[...route, "route", "retry_policy", "retry_on"], "→ after it was read", become("5xx,reset")],
    [[...route, "typed_per_filter_config"], "+ none of the filters", become({ "envoy.filters.http.rbac": {} })],
    [["admin", "address"], "→ open to others", become({ socket_address: { address: "0.0.0.0", port_value: 9901 } })],
    [["dynamic_resources"], "+ listeners from elsewhere", become({ lds_config: {} })],
    [
      [...manager, "access_log", 0, "typed_config", "attributes", "values"],
      "+ the token",
      append({ key: "token", value: { string_value: "%REQ(AUTHORIZATION)%" } }),
    ],
    [[...manager, "access_log", 0, "filter"], "+ errors alone", become({ response_flag_filter: {} })],
  ],
  "router.yaml": [
    [[...route, "route", "retry_policy", "retry_on"], "→ after it was read", become("5xx,reset")],
    [["admin", "address"], "→ open to others", become({ socket_address: { address: "0.0.0.0", port_value: 9901 } })],
  ],
  "guard.yaml": [
    [["callers"], "+ a model server", append("vllm.serving.svc")],
    [["access"], "+ another group", append({ group: "everybody", models: ["mutant"] })],
    [
      ["analysers"],
      "+ one that may be away",
      append({ kind: "presidio", url: "https://one.gateway.svc", required: false }),
    ],
    [["quarantine", "endpoint"], "→ in clear", become("http://store.example.internal")],
  ],
  "policy.yaml": [
    [["personalData"], "→ allow", become({ prompt: "allow", answer: "allow" })],
    [["secrets"], "→ allow", become({ prompt: "allow", answer: "allow" })],
    [["injection", "prompt"], "→ allow", become("allow")],
    [["injection", "threshold"], "→ 20", become(20)],
    [["rules"], "+ one that allows", become({ "pii.email": { prompt: "allow", answer: "allow" } })],
    [["holdBackCharacters"], "→ 64", become(64)],
  ],
  "ledger.yaml": [
    [["writers"], "+ whoever calls", append({ name: "", kinds: ["*"] })],
    [["writers"], "+ one of another zone", append({ name: "mlflow.models.svc", kinds: ["request.*"] })],
    [["seal"], "→ once a minute", become({ afterMilliseconds: 60_000 })],
    [["unanchoredSeconds"], "→ a day", become(86_400)],
    [["store", "endpoint"], "→ in clear", become("http://store.example.internal")],
  ],
  "prometheus.yaml": [[["scrape_configs"], "+ one in clear", append({ job_name: "mutant", scheme: "http" })]],
};

/** What the services of a ConfigMap's files could be told besides, each by itself. */
export function looseningsOf({ type, props }: Subject): Addition[] {
  if (type !== CONFIG_MAP) return [];
  const files = (props as { readonly data?: Record<string, unknown> }).data ?? {};
  return Object.entries(ofFiles).flatMap(([file, loosenings]) => {
    const text = files[file];
    const document = typeof text === "string" ? documentIn(text) : undefined;
    if (document === undefined) return [];
    return loosenings
      .filter(([path]) => valueAt(document, path.slice(0, -1)) !== undefined || path.length === 2)
      .map(([path, told, change]): Addition => ({
        types: [type],
        path: ["data", file, DOCUMENT, ...path],
        told,
        change,
      }));
  });
}
