import { join } from "node:path";
import { apiServerDocuments } from "../../../components/foundation/machines/api-server-documents";
import { throwawayKeys, type ServerFiles } from "../../../rehearsal/control-plane/server-files";
import type { NodeSpecification } from "../../../rehearsal/control-plane/nodes";
import type { Toolbox } from "../../../rehearsal/setup/toolbox";
import type { ControlPlaneBinaries } from "../../../rehearsal/control-plane/servers";

export const nodes: readonly NodeSpecification[] = [
  { name: "system-1", pool: "system", gpus: 0, cpus: 16, memoryGib: 64, zone: "rack-a" },
  {
    name: "gpu-1",
    pool: "serving",
    gpus: 8,
    gpuProduct: "NVIDIA-H100-80GB-HBM3",
    cpus: 96,
    memoryGib: 1024,
    zone: "rack-b",
    instanceType: "hgx-h100",
  },
];

const operators = "cloister:operators";
const rbac = "rbac.authorization.k8s.io";

/** Operators who may touch every kind, so that a test of the control plane need not ask what an environment grants. */
const everyKind: readonly object[] = [
  {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name: operators },
    rules: [
      {
        apiGroups: ["*"],
        resources: ["*"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
      },
      { nonResourceURLs: ["*"], verbs: ["get"] },
    ],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: operators },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: operators },
    subjects: [{ apiGroup: rbac, kind: "Group", name: operators }],
  },
];

/** Files of a control plane that no foundation brings any to; the same at a second start on the directory. */
export async function throwawayFiles(directory: string): Promise<ServerFiles> {
  const { encryptionKey, ...keys } = await throwawayKeys(join(directory, "control-plane"));
  return { ...keys, documents: apiServerDocuments("1.36", encryptionKey), manifests: everyKind };
}

export function binaries(toolbox: Toolbox): ControlPlaneBinaries {
  return {
    etcd: toolbox.path("etcd"),
    kubeApiserver: toolbox.path("kube-apiserver"),
    kubeControllerManager: toolbox.path("kube-controller-manager"),
    kubeScheduler: toolbox.path("kube-scheduler"),
    kwok: toolbox.path("kwok"),
  };
}

const restrictedPod = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const restrictedContainer = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A pod's spec that the `restricted` level admits. */
export function podSpec(gpus = 0) {
  const limits = gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {};
  return {
    securityContext: restrictedPod,
    tolerations: gpus > 0 ? [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] : [],
    containers: [
      { name: "main", image: "registry.internal/main", securityContext: restrictedContainer, resources: { limits } },
    ],
  };
}

export function deployment(name: string, replicas: number, labels: Record<string, string> = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels } }, spec: podSpec() },
    },
  };
}

/** A pod as far as the tests look into one. */
export interface Pod {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True") === true;
}

export function pod(name: string, spec: object = podSpec()) {
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec };
}
