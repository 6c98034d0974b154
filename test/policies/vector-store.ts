import type { Fixture } from "./fixture";
import { podSpec } from "./pods";

const namespace = "retrieval";

/** A vector store that asks who calls, on encrypted volumes, reachable within the cluster alone. */
export const vectorStore = (): Fixture[] => [
  {
    type: "kubernetes:apps/v1:StatefulSet",
    name: "vectors",
    props: {
      metadata: { name: "milvus", namespace, labels: { "cloister.dev/data-class": "vectors" } },
      spec: {
        replicas: 1,
        template: { spec: { ...podSpec(), volumes: [{ name: "configuration", configMap: { name: "milvus" } }] } },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName: "encrypted" } }],
      },
    },
    provider: {},
  },
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "vectors-configuration",
    props: {
      metadata: { name: "milvus", namespace },
      data: { "user.yaml": "common:\n  security:\n    authorizationEnabled: true\n" },
    },
    provider: {},
  },
  {
    type: "kubernetes:core/v1:Service",
    name: "vectors-service",
    props: { metadata: { name: "milvus", namespace }, spec: { type: "ClusterIP" } },
    provider: {},
  },
];
