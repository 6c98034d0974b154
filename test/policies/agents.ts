import type { Fixture } from "./fixture";
import { podSpec } from "./pods";

const namespace = "incidents";
const labels = { "cloister.dev/agent": "triage" };

/** An agent without rights in the cluster, and all that it may reach. */
export const agents = (): Fixture[] => [
  {
    type: "kubernetes:apps/v1:Deployment",
    name: "agent",
    props: {
      metadata: { name: "triage", namespace },
      spec: {
        replicas: 1,
        template: { metadata: { labels }, spec: { ...podSpec(), serviceAccountName: "agent-triage" } },
      },
    },
    provider: {},
  },
  {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "agent-ways",
    props: {
      metadata: { name: "agent-ways", namespace },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy" } },
              },
            ],
            ports: [{ port: 8443 }],
          },
        ],
      },
    },
    provider: {},
  },
];
