import type { Fixture } from "./fixture";
import { digest, podSpec } from "./pods";

const namespace = "training";
const zone = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });

/** A training zone: closed but for names, the store and the record, and one run in it. */
export const training = (): Fixture[] => {
  const object = (token: string, name: string, props: object): Fixture => ({
    type: `kubernetes:${token}`,
    name,
    props,
    provider: {},
  });
  return [
    object("core/v1:Namespace", "training", {
      metadata: {
        name: namespace,
        labels: {
          "cloister.dev/zone": namespace,
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "v1.36",
        },
      },
    }),
    object("networking.k8s.io/v1:NetworkPolicy", "training-deny", {
      metadata: { name: "default-deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
    object("networking.k8s.io/v1:NetworkPolicy", "training-ways", {
      metadata: { name: "ways", namespace },
      spec: {
        podSelector: { matchLabels: { app: "tune" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ namespaceSelector: zone("observability"), podSelector: { matchLabels: { app: "prometheus" } } }],
            ports: [{ port: 9000 }],
          },
        ],
        egress: [
          { to: [{ ipBlock: { cidr: "10.0.9.0/28" } }], ports: [{ port: 443 }] },
          {
            to: [{ namespaceSelector: zone("kube-system"), podSelector: { matchLabels: { app: "dns" } } }],
            ports: [{ port: 53, protocol: "UDP" }],
          },
        ],
      },
    }),
    object("core/v1:Service", "training-metrics", { metadata: { name: "metrics", namespace }, spec: {} }),
    object("batch/v1:Job", "tune", {
      metadata: {
        name: "tune",
        namespace,
        annotations: {
          "cloister.dev/privacy-epsilon": "3",
          "cloister.dev/privacy-delta": "0.000001",
          "cloister.dev/sanitiser-digest": digest,
        },
      },
      spec: { template: { spec: podSpec() } },
    }),
  ];
};
