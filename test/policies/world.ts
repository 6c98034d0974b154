import { apiServerFixtures } from "./api-server";
import { bucketFamily, personalFamily, weightsFamily } from "./buckets";
import { cloudFixtures } from "./cloud";
import { key, type Fixture } from "./fixture";
import { agents } from "./agents";
import { imageAdmission } from "./admission";
import { leakGateKey } from "./leak-gate";
import { annotations, digest, labels, podSpec } from "./pods";
import { recordedDoor } from "./recorded-door";
import { training } from "./training";
import { vectorStore } from "./vector-store";
import { elsewhereFixtures, rightsFixtures } from "./rights";
import { transportFixtures } from "./transport";

export type { Fixture } from "./fixture";

/** The settings the world is compliant under. */
export const settings = {
  registry: "registry.example.internal",
  allowedRegions: ["eu-central-1"],
  internalLoadBalancerClasses: ["example.internal/lb"],
  lockedImages: ["server", "prepare", "charts/one"].map((name) => `${name}@${digest}`),
  modelCallers: [{ zone: "gateway", app: "envoy" }],
  auditBucket: "vault",
  quarantineBucket: "quarantine",
  objectStoreRanges: ["10.0.9.0/28"],
  encryptedStorageClasses: ["encrypted"],
  leakGateKey,
};

/** A stack every rule finds nothing wrong with. A fresh copy each time: tests break one property of it. */
export function compliantWorld(): Fixture[] {
  const kubernetes = (token: string, name: string, props: unknown): Fixture => ({
    type: `kubernetes:${token}`,
    name,
    props,
    provider: {},
  });
  return [
    ...bucketFamily("vault"),
    ...personalFamily("raw"),
    ...weightsFamily("weights"),
    ...apiServerFixtures(),
    ...transportFixtures(),
    ...rightsFixtures(),
    ...elsewhereFixtures(),
    ...cloudFixtures(),
    kubernetes("policy/v1:PodDisruptionBudget", "budget", {
      metadata: { namespace: "serving" },
      spec: { maxUnavailable: 1 },
    }),
    kubernetes("core/v1:Namespace", "serving", {
      metadata: {
        name: "serving",
        labels: {
          "cloister.dev/zone": "serving",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "v1.36",
        },
      },
    }),
    { type: "random:index/randomPassword:RandomPassword", name: "disk-password", props: { length: 64 }, protect: true },
    kubernetes("storage.k8s.io/v1:StorageClass", "storage-class", {
      provisioner: "ebs.csi.aws.com",
      parameters: { encrypted: "true", kmsKeyId: key },
      reclaimPolicy: "Retain",
    }),
    kubernetes("core/v1:ServiceAccount", "vllm-account", {
      metadata: { name: "vllm", namespace: "serving" },
      automountServiceAccountToken: false,
    }),
    kubernetes("networking.k8s.io/v1:NetworkPolicy", "default-deny", {
      metadata: { name: "default-deny", namespace: "serving" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
    kubernetes("networking.k8s.io/v1:NetworkPolicy", "from-gateway", {
      metadata: { name: "from-gateway", namespace: "serving" },
      spec: {
        podSelector: { matchLabels: { app: "vllm" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy" } },
              },
            ],
            ports: [{ port: 8000 }],
          },
        ],
        egress: [{ to: [{ ipBlock: { cidr: "10.96.0.10/32" } }], ports: [{ port: 53, protocol: "UDP" }] }],
      },
    }),
    kubernetes("core/v1:ResourceQuota", "gpu-quota", {
      metadata: { namespace: "serving" },
      spec: { hard: { "requests.nvidia.com/gpu": "2" } },
    }),
    kubernetes("apps/v1:Deployment", "vllm", {
      metadata: { name: "vllm", namespace: "serving" },
      spec: { replicas: 2, template: { metadata: { annotations, labels }, spec: podSpec(true) } },
    }),
    kubernetes("core/v1:Pod", "pod", {
      metadata: { name: "pod", namespace: "serving", annotations, labels },
      spec: podSpec(),
    }),
    kubernetes("batch/v1:CronJob", "nightly", {
      metadata: { name: "nightly", namespace: "audit" },
      spec: { jobTemplate: { spec: { template: { spec: podSpec() } } } },
    }),
    kubernetes("core/v1:Service", "door", {
      metadata: { namespace: "gateway" },
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "example.internal/lb",
        allocateLoadBalancerNodePorts: false,
        loadBalancerSourceRanges: ["10.30.8.0/24"],
        ports: [{ port: 443 }],
      },
    }),
    kubernetes("networking.k8s.io/v1:Ingress", "ingress", { metadata: { namespace: "gateway" }, spec: {} }),
    kubernetes("rbac.authorization.k8s.io/v1:Role", "role", {
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    kubernetes("rbac.authorization.k8s.io/v1:RoleBinding", "binding", {
      roleRef: { kind: "Role", name: "role" },
      subjects: [{ kind: "Group", name: "operators" }],
    }),
    kubernetes("helm.sh/v4:Chart", "chart", {
      chart: `oci://registry.example.internal/charts/one@${digest}`,
      version: "1.2.3",
    }),
    ...imageAdmission(),
    ...recordedDoor(),
    ...training(),
    ...vectorStore(),
    ...agents(),
  ];
}
