import { stringify } from "yaml";
import { collectorConfig } from "../../components/platform/audit/collector-config";
import { ledgerConfig } from "../../components/platform/audit/ledger-config";
import { envoyConfig } from "../../components/platform/gateway/envoy-config";
import { tokenConfiguration, tokenFile } from "../../components/platform/gateway/envoy-identity";
import { routerConfig } from "../../components/platform/gateway/envoy-router";
import { guardConfig, guardPolicy } from "../../components/platform/gateway/guard-config";
import { guardPolicySettings } from "../../stacks/schema/guard-policy";
import type { Properties } from "../../policies/rule";
import type { Fixture } from "./fixture";
import { podSpec } from "./pods";

type Break = (document: Properties) => unknown;

function broken(document: object, change: Break): string {
  const copy: unknown = structuredClone(document);
  change(copy);
  return stringify(copy);
}

const identity = {
  issuer: "https://login.example.internal",
  audience: "cloister",
  keys: [{ kty: "EC", crv: "P-256", kid: "one", x: "A".repeat(43), y: "A".repeat(43) }],
  secondFactors: ["otp"],
};
const access = [{ group: "users", models: ["one"] }];
const models = [{ name: "one", maxModelLength: 8192 }];

/** Files of the kit's own door, with one thing in its configuration, or in how it verifies tokens, done otherwise. */
export const doorFiles = (change: Break = () => undefined, verifies: Break = () => undefined) => ({
  "envoy.yaml": broken(
    envoyConfig({
      host: "llm.example.internal",
      clients: ["support-desk"],
      models,
      identity,
      access,
      requestTimeoutSeconds: 600,
      requestsPerMinute: 600,
    }),
    change,
  ),
  [tokenFile]: broken(tokenConfiguration(identity), (file) => verifies(file.resources[0].typed_config)),
});

/** Files of the kit's own guard, with one thing in it, or in those beside it, done otherwise. */
export const guardFiles = (
  change: Break = () => undefined,
  beside: Partial<Record<"policy.yaml" | "router.yaml", Break>> = {},
) => ({
  "policy.yaml": broken(guardPolicy(guardPolicySettings.parse({})), beside["policy.yaml"] ?? (() => undefined)),
  "router.yaml": broken(
    routerConfig({ models, requestTimeoutSeconds: 600 }),
    beside["router.yaml"] ?? (() => undefined),
  ),
  "guard.yaml": broken(
    guardConfig({
      access,
      recipients: ["age1example"],
      bucket: "quarantine",
      region: "eu-central-1",
      requestBytes: 262_144,
      requestTimeoutSeconds: 600,
      countedGroups: [],
      analysers: { presidio: { enabled: true, furtherEntities: [], required: true, action: "quarantine" } },
    }),
    change,
  ),
});

/** Files of the kit's own ledger, with one thing in it done otherwise. */
export const ledgerFiles = (change: Break = () => undefined) => ({
  "ledger.yaml": broken(
    ledgerConfig({
      ...{ bucket: "vault", region: "eu-central-1", auditRetentionDays: 2190, requestTimeoutSeconds: 600 },
      models: ["one"],
      auditLog: true,
    }),
    change,
  ),
});

/** Files of the kit's own collector, with one thing in it done otherwise. */
export const collectorFiles = (change: Break = () => undefined) => ({
  "collector.yaml": broken(collectorConfig(), change),
});

/** The kit's own files, which the compliant world asks for with each test. */
const whole = { door: doorFiles(), collector: collectorFiles(), guard: guardFiles(), ledger: ledgerFiles() };

const peer = (zone: string, app: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": zone } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": app } },
});

function ledgerPod() {
  const { volumes, ...spec } = podSpec();
  const mounts = [
    { name: "configuration", mountPath: "/etc/ledger" },
    { name: "data", mountPath: "/data" },
  ];
  return {
    ...spec,
    containers: spec.containers.map((container) => ({ ...container, volumeMounts: mounts })),
    volumes: [...volumes, { name: "configuration", configMap: { name: "ledger-configuration" } }],
  };
}

/** The door, the record that it writes to, and the way between them. */
export const recordedDoor = (): Fixture[] => {
  const object = (token: string, name: string, namespace: string, props: object): Fixture => ({
    type: `kubernetes:${token}`,
    name,
    props: { metadata: { name, namespace }, ...props },
    provider: {},
  });
  const ports = [{ port: 4317, protocol: "TCP" }];
  const policy = (name: string, namespace: string, spec: object) =>
    object("networking.k8s.io/v1:NetworkPolicy", name, namespace, { spec });
  return [
    object("core/v1:ConfigMap", "door-configuration", "gateway", { data: { ...whole.door } }),
    object("core/v1:ConfigMap", "guard-configuration", "gateway", { data: { ...whole.guard } }),
    object("core/v1:ConfigMap", "ledger-configuration", "audit", { data: { ...whole.ledger } }),
    object("apps/v1:StatefulSet", "ledger-set", "audit", {
      spec: {
        replicas: 2,
        template: { spec: ledgerPod() },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName: "encrypted" } }],
      },
    }),
    object("core/v1:ConfigMap", "collector-configuration", "audit", { data: { ...whole.collector } }),
    policy("door-egress", "gateway", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [peer("audit", "collector")], ports }],
    }),
    policy("record-ingress", "audit", {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [peer("gateway", "envoy")], ports }],
    }),
  ];
};
