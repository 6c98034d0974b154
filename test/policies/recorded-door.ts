import { stringify } from "yaml";
import { collectorConfig } from "../../components/platform/audit/collector-config";
import { envoyConfig } from "../../components/platform/gateway/envoy-config";
import type { Properties } from "../../policies/rule";
import type { Fixture } from "./fixture";

type Break = (document: Properties) => void;

function broken(document: object, change: Break): string {
  const copy: unknown = structuredClone(document);
  change(copy);
  return stringify(copy);
}

/** Files of the kit's own door, with one thing in it done otherwise. */
export const doorFiles = (change: Break = () => undefined) => ({
  "envoy.yaml": broken(
    envoyConfig({
      host: "llm.example.internal",
      clients: ["support-desk"],
      models: [{ name: "one", maxModelLength: 8192 }],
      identity: {
        issuer: "https://login.example.internal",
        audience: "cloister",
        keys: [{ kty: "EC", crv: "P-256", kid: "one" }],
        secondFactors: ["otp"],
      },
      access: [{ group: "users", models: ["one"] }],
      requestTimeoutSeconds: 600,
      requestsPerMinute: 600,
    }),
    change,
  ),
});

/** Files of the kit's own collector, with one thing in it done otherwise. */
export const collectorFiles = (change: Break = () => undefined) => ({
  "collector.yaml": broken(collectorConfig({ bucket: "vault", region: "eu-central-1" }), change),
});

/** The kit's own files, which the compliant world asks for with each test. */
const whole = { door: doorFiles(), collector: collectorFiles() };

const peer = (zone: string, app: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": zone } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": app } },
});

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
