import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import { instanceTypeOf } from "./instance-types";
import { arnOf, type Place } from "../private-cloud/place";
import { trustOf } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { roleNames } from "../private-cloud/role-names";

type GpuPool = PrivateCloudFootprint["gpuPools"][number];
type Bottlerocket = "BOTTLEROCKET_x86_64" | "BOTTLEROCKET_x86_64_NVIDIA";

/** What one zone has of a pool's nodes. */
export interface NodeShare {
  /** Such as `eu-central-1a`. */
  readonly zone: string;
  /** Place of the zone in the environment's list. */
  readonly index: number;
  readonly nodes: number;
}

/** Deals nodes out to zones, the first zones first: one more zone takes at most its share from those before it. */
export function dealOut(nodes: number, zones: readonly string[], only?: string): NodeShare[] {
  const chosen = zones
    .map((zone, index) => ({ zone, index }))
    .filter(({ zone }) => only === undefined || zone === only);
  return chosen
    .map(({ zone, index }, place) => ({
      zone,
      index,
      nodes: Math.floor(nodes / chosen.length) + (place < nodes % chosen.length ? 1 : 0),
    }))
    .filter((share) => share.nodes > 0);
}

export interface NodeGroupPlan {
  /** `system`, or `gpu-<pool>`. */
  readonly suffix: string;
  readonly amiType: Bottlerocket | `${Bottlerocket}_FIPS`;
  /** Bottlerocket release; absent where the environment pins none, and EKS takes the latest when the group is made. */
  readonly release?: string;
  readonly instanceType: string;
  /** A group for each zone that has nodes: one over several zones would be replaced, nodes and all, by a zone more. */
  readonly shares: readonly NodeShare[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: "NO_SCHEDULE" }[];
  /** Size of the volume for images, weights and logs, GiB. */
  readonly dataVolumeGib: number;
  /** Settings of Bottlerocket, TOML. */
  readonly settings: string;
  readonly host?: GpuPool["host"];
  readonly capacity?: GpuPool["capacity"];
  /** Elastic Fabric Adapters of each node, one on each network card; 0 where the pool wants none. */
  readonly efaInterfaces: number;
  readonly placementGroup: boolean;
}

/** Bottlerocket keeps the system on one volume and all that is written on another. */
export const volumes = { system: "/dev/xvda", data: "/dev/xvdb" } as const;
/** Size of the system's volume, GiB; Bottlerocket's image needs 2. */
export const systemVolumeGib = 4;

export function planNodeGroups(footprint: PrivateCloudFootprint): NodeGroupPlan[] {
  const { systemPool, gpuPools, availabilityZones, kubernetes } = footprint;
  const image = (variant: Bottlerocket) => ({
    amiType: kubernetes.fips ? (`${variant}_FIPS` as const) : variant,
    ...(kubernetes.nodeRelease === undefined ? {} : { release: kubernetes.nodeRelease }),
  });
  return [
    {
      suffix: "system",
      ...image("BOTTLEROCKET_x86_64"),
      instanceType: systemPool.instanceType,
      shares: dealOut(systemPool.nodes, availabilityZones),
      labels: { "cloister.dev/pool": "system" },
      taints: [],
      dataVolumeGib: 100,
      // Nothing may change the kernel's memory, root neither. The NVIDIA variant keeps its image's own default: its
      // driver is a module that is loaded while the node starts.
      settings: [...nodeSettings, "[settings.kernel]", 'lockdown = "integrity"', ""].join("\n"),
      efaInterfaces: 0,
      placementGroup: false,
    },
    ...gpuPools.map((pool): NodeGroupPlan => ({
      suffix: `gpu-${pool.name}`,
      // This variant brings NVIDIA's driver and device plugin: nothing privileged has to be installed.
      ...image("BOTTLEROCKET_x86_64_NVIDIA"),
      instanceType: pool.instanceType,
      shares: dealOut(pool.nodes, availabilityZones, pool.availabilityZone),
      labels: { "cloister.dev/pool": pool.name },
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
      // A model server's image and the weights of several models, in an old and a new version during an upgrade.
      dataVolumeGib: 500,
      settings: [...nodeSettings, ""].join("\n"),
      ...(pool.host === undefined ? {} : { host: pool.host }),
      ...(pool.capacity === undefined ? {} : { capacity: pool.capacity }),
      efaInterfaces: pool.efa ? (instanceTypeOf(pool.instanceType, footprint.instanceTypes)?.efaInterfaces ?? 0) : 0,
      placementGroup: pool.placementGroup,
    })),
  ];
}

/**
 * Settings of every node. Bottlerocket's two host containers are ways onto a node, by SSM and by SSH; both stay shut, and
 * their images could not be pulled here anyway. Its usage report would find no way out. Pods that name no system-call
 * filter get the container runtime's.
 */
const nodeSettings = [
  "[settings.host-containers.admin]",
  "enabled = false",
  "[settings.host-containers.control]",
  "enabled = false",
  "[settings.metrics]",
  "send-metrics = false",
  "[settings.kubernetes]",
  "seccomp-default = true",
];

/** What every node may do: join, and pull images. Pods have roles of their own. */
export const nodeRole = (place: Place): RolePlan => ({
  name: roleNames(place).nodes,
  description: "Nodes: join the cluster, pull images",
  trust: trustOf("ec2.amazonaws.com"),
  managed: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map((policy) =>
    arnOf.managedPolicy(place, policy),
  ),
});
