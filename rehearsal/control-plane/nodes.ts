import type { ApiClient, ApiObject } from "./api-client";

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A machine that kwok plays. */
export interface NodeSpecification {
  /** DNS label, unique in the cluster. */
  readonly name: string;
  /** The pool it belongs to, as `cloister.dev/pool`. */
  readonly pool: string;
  /** Number of GPUs; 0 for none. */
  readonly gpus: number;
  /** Such as `NVIDIA-H100-80GB-HBM3`, as GPU feature discovery writes it. Needed when there are GPUs. */
  readonly gpuProduct?: string;
  readonly cpus: number;
  readonly memoryGib: number;
  /** @default 200 */
  readonly ephemeralStorageGib?: number;
  readonly zone: string;
  /** As `node.kubernetes.io/instance-type`. @default the pool's name */
  readonly instanceType?: string;
  /** Beside the ones made from the fields above, and over them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Beside `nvidia.com/gpu=present:NoSchedule`, which every node with GPUs has. */
  readonly taints?: readonly NodeTaint[];
}

/** Marks what kwok plays, for kwok and for people. */
export const STAND_IN_LABEL = { key: "rehearsal.cloister.dev/stand-in", value: "kwok" } as const;

/** The kubelet's default. */
const PODS_PER_NODE = 110;
const GPU_TAINT: NodeTaint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

function labels(node: NodeSpecification): Record<string, string> {
  return {
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "node.kubernetes.io/instance-type": node.instanceType ?? node.pool,
    "topology.kubernetes.io/zone": node.zone,
    "cloister.dev/pool": node.pool,
    [STAND_IN_LABEL.key]: STAND_IN_LABEL.value,
    ...(node.gpus > 0 && {
      "nvidia.com/gpu.present": "true",
      "nvidia.com/gpu.count": String(node.gpus),
      "nvidia.com/gpu.product": node.gpuProduct ?? "",
    }),
    ...node.labels,
  };
}

/** The Node object, with its whole capacity allocatable. */
export function nodeObject(node: NodeSpecification): ApiObject {
  const capacity = {
    cpu: String(node.cpus),
    memory: `${node.memoryGib}Gi`,
    "ephemeral-storage": `${node.ephemeralStorageGib ?? 200}Gi`,
    pods: String(PODS_PER_NODE),
    ...(node.gpus > 0 && { "nvidia.com/gpu": String(node.gpus) }),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name, labels: labels(node) },
    spec: { taints: [...(node.gpus > 0 ? [GPU_TAINT] : []), ...(node.taints ?? [])] },
    status: { capacity, allocatable: capacity },
  };
}

/** Every mistake in a list of nodes, each as one sentence. */
export function nodeMistakes(nodes: readonly NodeSpecification[]): string[] {
  const seen = new Set<string>();
  return nodes.flatMap((node, index) => {
    const at = `nodes[${index}]`;
    const mistakes: string[] = [];
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(node.name)) {
      mistakes.push(`${at}.name is "${node.name}": give a DNS label, lower-case letters, digits and "-", at most 63.`);
    }
    if (seen.has(node.name)) mistakes.push(`${at}.name is "${node.name}" again: give each node its own name.`);
    seen.add(node.name);
    for (const field of ["gpus", "cpus", "memoryGib"] as const) {
      const least = field === "gpus" ? 0 : 1;
      if (!Number.isInteger(node[field]) || node[field] < least) {
        mistakes.push(`${at}.${field} is ${node[field]}: give a whole number, at least ${least}.`);
      }
    }
    if (node.gpus > 0 && !node.gpuProduct) {
      mistakes.push(`${at}.gpuProduct is missing: name the product of its ${node.gpus} GPUs.`);
    }
    return mistakes;
  });
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly taints?: readonly { readonly key: string }[] };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

const selector = `/api/v1/nodes?labelSelector=${encodeURIComponent(`${STAND_IN_LABEL.key}=${STAND_IN_LABEL.value}`)}`;

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/**
 * Makes the nodes of the list, and removes those that an earlier run had and this list has not. The leases of that run
 * go too: kwok would wait until they expire before it plays a node.
 */
export async function registerNodes(client: ApiClient, nodes: readonly NodeSpecification[]): Promise<void> {
  const before = await client.request<NodeList>("GET", selector);
  const wanted = new Set(nodes.map(({ name }) => name));
  const surplus = before.items.filter(({ metadata }) => !wanted.has(metadata.name));
  await client.request("DELETE", LEASES);
  await Promise.all([
    ...surplus.map(({ metadata }) => client.request("DELETE", `/api/v1/nodes/${metadata.name}`)),
    ...nodes.map(async (node) => {
      const { apiVersion, kind, metadata, spec, status } = nodeObject(node);
      await client.apply("/api/v1/nodes", { apiVersion, kind, metadata, spec });
      await client.apply("/api/v1/nodes", { apiVersion, kind, metadata: { name: metadata.name }, status }, "/status");
    }),
  ]);
}

/** Resolves when kwok plays every node and pods can be scheduled there. */
export async function nodesReady(client: ApiClient, nodes: readonly NodeSpecification[]): Promise<void> {
  const ready = ({ items }: NodeList) =>
    items.every(
      ({ spec, status }) =>
        status.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True") &&
        !spec.taints?.some(({ key }) => key.startsWith("node.kubernetes.io/")),
    );
  await client.until<NodeList>(selector, ready, "Ready nodes");
  // A node that was Ready in an earlier run still says so: the lease tells that kwok has it again.
  const held = ({ items }: NodeList) => nodes.every(({ name }) => items.some(({ metadata }) => metadata.name === name));
  await client.until<NodeList>(LEASES, held, "Leases of the nodes");
}
