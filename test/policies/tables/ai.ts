import { first, initial, pod, UNKNOWN, type Change, type RuleTables } from "./table";
import { tagsOf } from "../buckets";
import { leakGateSignature } from "../leak-gate";
import { annotations, digest } from "../pods";
import { doorFiles } from "../recorded-door";
import type { Properties } from "../../../policies/rule";

const door = (change: Parameters<typeof doorFiles>[0]): Change & { judged: string } => ({
  of: "door-configuration",
  path: "data",
  value: doorFiles(change),
  judged: "door-configuration",
});

const verifying = (change: Parameters<typeof doorFiles>[1]): Change & { judged: string } => ({
  of: "door-configuration",
  path: "data",
  value: doorFiles(undefined, change),
  judged: "door-configuration",
});
const rightsOf = (listener: Properties): Properties => filterOf(listener, "rbac").rules;
/** What the one right of the door asks of a person. */
const wantedOf = (listener: Properties): unknown[] =>
  rightsOf(listener).policies.users.principals[0].and_ids.ids as unknown[];

const says = "spec.template.metadata";
const other = `sha256:${"ef".repeat(32)}`;
const report = annotations["cloister.dev/leak-gate-digest"];
const peer = (zone: string, labels: object = {}) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": zone } },
  podSelector: { matchLabels: labels },
});
const bom = (change: (text: string) => string) => ({
  ...annotations,
  "cloister.dev/model-bom": change(annotations["cloister.dev/model-bom"]),
});

const budget = {
  "cloister.dev/privacy-epsilon": "3",
  "cloister.dev/privacy-delta": "0.000001",
  "cloister.dev/sanitiser-digest": digest,
};
const run = (name: string, value: string | undefined): Change => ({
  of: "tune",
  path: "metadata.annotations",
  value: { ...budget, [`cloister.dev/${name}`]: value },
});

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

export const ai: RuleTables = {
  "AI-01": {
    judged: "weights",
    violations: [
      { of: "weights", path: "options.protect", value: false },
      { of: "weights-BucketVersioning", path: "versioningConfiguration.status", value: "Suspended" },
      {
        of: "weights-BucketServerSideEncryptionConfiguration",
        path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      },
      { of: "weights-BucketPublicAccessBlock", path: "" },
    ],
    unknown: { of: "weights-BucketVersioning", path: "versioningConfiguration", value: UNKNOWN },
    beyond: { of: "weights", path: "tags", value: tagsOf("state") },
  },
  "AI-02": {
    judged: "training-ways",
    violations: [
      { of: "training-ways", path: "spec.egress.0.to.0.ipBlock.cidr", value: "10.0.0.0/16" },
      { of: "training-ways", path: "spec.egress.0.to" },
      { of: "training-ways", path: "spec.egress.0.to.0", value: peer("serving", { app: "vllm" }) },
      { of: "training-ways", path: "spec.egress.1.to.0", value: peer("kube-system") },
      { of: "training-ways", path: "spec.ingress.0.from.0", value: peer("gateway", { app: "envoy" }) },
      { of: "training-ways", path: "spec.ingress.0.from.0", value: peer("observability") },
      { of: "training-ways", path: "spec.ingress.0.from" },
      { of: "training-deny", path: "", judged: "training" },
      { of: "training-deny", path: "spec.policyTypes", value: ["Ingress"], judged: "training" },
      { of: "training-metrics", path: "spec.type", value: "NodePort", judged: "training-metrics" },
      { of: "training-metrics", path: "spec.externalIPs", value: ["10.0.0.9"], judged: "training-metrics" },
      { of: "ingress", path: "metadata.namespace", value: "training", judged: "ingress" },
    ],
    unknown: { of: "training-ways", path: "spec.egress", value: UNKNOWN },
    beyond: { of: "training-ways", path: "metadata.namespace", value: "audit" },
  },
  "AI-03": {
    judged: "from-gateway",
    violations: [
      {
        of: "from-gateway",
        path: "spec.ingress.0.from.0.namespaceSelector.matchLabels",
        value: { "cloister.dev/zone": "training" },
      },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: { podSelector: {} } },
      { of: "from-gateway", path: "spec.ingress.0.from" },
    ],
    unknown: { of: "from-gateway", path: "spec.ingress", value: UNKNOWN },
    beyond: { of: "from-gateway", path: "metadata.namespace", value: "audit" },
  },
  "AI-04": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: "spec.template.metadata.annotations", value: { "cloister.dev/model-digest": "latest" } },
      { of: "vllm", path: `${first}.env`, value: [] },
      { of: "vllm", path: `${initial}.env.0.value`, value: "0" },
      // Offline for weights, and free to tell others how it is used.
      { of: "vllm", path: `${first}.image`, value: "registry.example.internal/vllm/vllm-openai" },
      { of: "vllm", path: `${first}.args`, value: ["--trust-remote-code"] },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
  "AI-05": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${says}.labels` },
      { of: "vllm", path: `${says}.labels`, value: { "cloister.dev/stage": "staging" } },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/leak-gate-digest": "none" } },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/leak-gate-digest": other } },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: { ...annotations, "cloister.dev/leak-gate-signature": undefined },
      },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: { ...annotations, "cloister.dev/leak-gate-signature": leakGateSignature(report, other) },
      },
      // The gate spoke of what the pod says, and the pod runs something else.
      {
        of: "vllm",
        path: `${pod}.volumes`,
        value: [{ name: "model", image: { reference: `registry.example.internal/models/two@${other}` } }],
      },
    ],
    unknown: { of: "vllm", path: `${says}.annotations`, value: UNKNOWN },
    beyond: { of: "vllm", path: `${says}.labels`, value: { "cloister.dev/stage": "trial" } },
  },
  "AI-06": {
    judged: "from-gateway",
    violations: [
      { of: "from-gateway", path: "spec.ingress.0.from.0.podSelector" },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: peer("gateway", { "app.kubernetes.io/name": "x" }) },
      { of: "from-gateway", path: "spec.ingress.0.from.1", value: peer("retrieval") },
      { of: "from-gateway", path: "spec.ingress.0.from" },
      {
        of: "from-gateway",
        path: "spec.ingress.0.from.0.namespaceSelector.matchExpressions",
        value: [{ key: "team", operator: "Exists" }],
      },
      { of: "ingress", path: "metadata.namespace", value: "serving", judged: "ingress" },
      {
        of: "ingress",
        path: "spec.rules",
        value: [{ backendRefs: [{ name: "vllm", namespace: "serving" }] }],
        judged: "ingress",
      },
      { of: "ingress", path: "spec.http", value: [{ host: "vllm.serving.svc.cluster.local" }], judged: "ingress" },
    ],
    unknown: { of: "from-gateway", path: "spec.ingress", value: UNKNOWN },
    beyond: { of: "from-gateway", path: "metadata.namespace", value: "audit" },
  },
  "AI-07": {
    judged: "tune",
    violations: [
      { of: "tune", path: "metadata.annotations" },
      run("privacy-epsilon", undefined),
      run("privacy-epsilon", "0"),
      run("privacy-epsilon", "many"),
      run("privacy-epsilon", "8.5"),
      run("privacy-delta", undefined),
      run("privacy-delta", "-1"),
      run("privacy-delta", "0.001"),
      run("sanitiser-digest", "latest"),
    ],
    unknown: { of: "tune", path: "metadata.annotations", value: UNKNOWN },
    beyond: { of: "tune", path: "metadata.namespace", value: "preparation" },
  },
  "AI-08": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.args`, value: ["--model", "/models/one"] },
      { of: "vllm", path: `${first}.args`, value: ["--max-model-len", "0"] },
      door(({ static_resources: { listeners } }) => (tlsOf(listeners[0]).require_client_certificate = false)),
      door(({ static_resources: { listeners } }) => delete validationOf(listeners[0]).trusted_ca),
      door(({ static_resources: { listeners } }) => (validationOf(listeners[0]).match_typed_subject_alt_names = [])),
      door(
        ({ static_resources: { listeners } }) =>
          (validationOf(listeners[0]).match_typed_subject_alt_names[0].matcher = { prefix: "support" }),
      ),
      door(({ static_resources: { listeners } }) => delete listeners[0].filter_chains[0].transport_socket),
      door(
        ({ static_resources: { listeners } }) =>
          (httpOf(listeners[1]).set_current_client_cert_details = { subject: true }),
      ),
      door((envoy) => delete envoy.overload_manager),
      door(({ static_resources: { listeners } }) => (httpOf(listeners[0]).normalize_path = false)),
      door(({ static_resources: { listeners } }) => delete httpOf(listeners[0]).path_with_escaped_slashes_action),
      door(({ static_resources: { listeners } }) => (httpOf(listeners[0]).use_remote_address = false)),
      door(
        ({ static_resources: { listeners } }) => (httpOf(listeners[0]).forward_client_cert_details = "FORWARD_ONLY"),
      ),
      door(({ static_resources: { listeners } }) => delete httpOf(listeners[0]).stream_idle_timeout),
      door(({ static_resources: { listeners } }) => (httpOf(listeners[0]).max_request_headers_kb = 32_000)),
      door(
        ({ static_resources: { listeners } }) =>
          (filterOf(listeners[0], "local_ratelimit").token_bucket.max_tokens = 600_000),
      ),
      door(({ static_resources: { listeners } }) => (filterOf(listeners[0], "buffer").max_request_bytes = 262_144_000)),
      door(({ static_resources: { listeners } }) => drop(listeners[0], "local_ratelimit")),
      door(({ static_resources: { listeners } }) => delete filterOf(listeners[0], "local_ratelimit").filter_enforced),
      door(
        ({ static_resources: { listeners } }) =>
          (filterOf(listeners[0], "local_ratelimit").filter_enabled.default_value.numerator = 50),
      ),
      door(({ static_resources: { listeners } }) => drop(listeners[0], "buffer")),
      door(({ static_resources: { listeners } }) => drop(listeners[0], "jwt_authn")),
      door(({ static_resources: { listeners } }) => drop(listeners[0], "lua")),
      door(({ static_resources: { listeners } }) => drop(listeners[0], "rbac")),
      door(
        ({ static_resources: { listeners } }) =>
          (filterOf(listeners[0], "lua").default_source_code.inline_string = "function envoy_on_request() end"),
      ),
      door(({ static_resources: { listeners } }) => (rightsOf(listeners[0]).action = "LOG")),
      door(({ static_resources: { listeners } }) => (rightsOf(listeners[0]).policies = {})),
      door(
        ({ static_resources: { listeners } }) => (rightsOf(listeners[0]).policies.users.principals = [{ any: true }]),
      ),
      door(({ static_resources: { listeners } }) => void wantedOf(listeners[0]).pop()),
      door(({ static_resources: { listeners } }) => void wantedOf(listeners[0]).shift()),
      door(
        ({ static_resources: { listeners } }) => (rightsOf(listeners[0]).policies.users.permissions = [{ any: true }]),
      ),
      verifying(({ providers }) => (providers.company.issuer = "")),
      verifying(({ providers }) => (providers.company.audiences = [])),
      verifying(({ providers }) => (providers.company.require_expiration = false)),
      verifying(({ providers }) => delete providers.company.local_jwks),
      verifying(({ providers }) => (providers.company.forward = true)),
      verifying(({ providers }) => delete providers.company.from_headers),
      verifying((filter) => (filter.rules = [])),
      verifying((filter) => (filter.rules[0].match = { prefix: "/v1/chat" })),
      verifying((filter) => (filter.rules[0].requires = { allow_missing: {} })),
      verifying((filter) => (filter.bypass_cors_preflight = true)),
      door(({ static_resources: { listeners } }) => managerOf(listeners[0]).http_filters.forEach(switchOff)),
      door(({ static_resources: { listeners } }) => {
        const [host] = managerOf(listeners[0]).route_config.virtual_hosts;
        host.routes[0].typed_per_filter_config = { "envoy.filters.http.local_ratelimit": {} };
      }),
      door(
        ({ static_resources: { listeners } }) =>
          (listeners[0].filter_chains[0].filters[0].typed_config["@type"] = "type.googleapis.com/x.TcpProxy"),
      ),
    ],
    unknown: { of: "vllm", path: `${first}.args`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "models" },
  },
  "AI-09": {
    judged: "vectors",
    violations: [
      { of: "vectors", path: `${pod}.volumes`, value: [] },
      { of: "vectors-configuration", path: "data", value: { "user.yaml": "common: {security: {}}" } },
      { of: "vectors", path: "spec.volumeClaimTemplates.0.spec.storageClassName", value: "standard" },
      { of: "vectors", path: "spec.volumeClaimTemplates.0.spec.storageClassName" },
      { of: "vectors", path: "metadata.labels" },
      { of: "vectors-service", path: "spec.type", value: "LoadBalancer", judged: "vectors-service" },
    ],
    unknown: { of: "vectors-configuration", path: "data", value: UNKNOWN },
    beyond: { of: "vectors", path: "metadata", value: { namespace: "models" } },
  },
  "AI-10": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${says}.annotations`, value: { "cloister.dev/model-digest": digest } },
      { of: "vllm", path: `${says}.annotations`, value: bom(() => "qwen") },
      { of: "vllm", path: `${says}.annotations`, value: bom((text) => text.replace("CycloneDX", "SPDX")) },
      { of: "vllm", path: `${says}.annotations`, value: bom((text) => text.replace('"name":"one",', "")) },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/model-digest": other } },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: bom((text) => text.replace("machine-learning-model", "library")),
      },
      { of: "vllm", path: `${first}.image`, value: `registry.example.internal/server@${other}` },
    ],
    unknown: { of: "vllm", path: `${says}.annotations`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "models" },
  },
  "AI-11": {
    judged: "agent",
    violations: [
      { of: "agent", path: `${pod}.serviceAccountName`, value: "triage" },
      { of: "agent", path: `${pod}.serviceAccountName` },
      { of: "agent", path: `${pod}.automountServiceAccountToken` },
      { of: "agent", path: `${says}.labels` },
      {
        of: "agent",
        path: `${pod}.volumes`,
        value: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
      },
      {
        of: "binding",
        path: "subjects",
        value: [{ kind: "ServiceAccount", name: "agent-triage", namespace: "incidents" }],
        judged: "binding",
      },
      {
        of: "binding",
        path: "subjects",
        value: [{ kind: "Group", name: "system:serviceaccounts:incidents" }],
        judged: "binding",
      },
      { of: "agent-ways", path: "spec.policyTypes", value: ["Ingress"], judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.to", judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.ports", judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.to.0", value: peer("gateway"), judged: "agent-ways" },
      {
        of: "agent-ways",
        path: "spec.egress.0.to.0",
        value: { ipBlock: { cidr: "10.0.0.0/24" } },
        judged: "agent-ways",
      },
    ],
    unknown: { of: "agent", path: `${pod}.automountServiceAccountToken`, value: UNKNOWN },
    beyond: { of: "agent", path: "spec.template", value: { spec: { serviceAccountName: "reader" } } },
  },
};
