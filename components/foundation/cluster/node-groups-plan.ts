import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import { arnOf, type Place } from "../private-cloud/place";
import { trustOf } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { roleNames } from "../private-cloud/role-names";

export interface NodeGroupPlan {
  /** `system`, or `gpu-<pool>`. */
  readonly suffix: string;
  readonly amiType: "BOTTLEROCKET_x86_64" | "BOTTLEROCKET_x86_64_NVIDIA";
  readonly instanceType: string;
  readonly nodes: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: "NO_SCHEDULE" }[];
  /** Size of the volume for images, weights and logs, GiB. */
  readonly dataVolumeGib: number;
}

/** Bottlerocket keeps the system on one volume and all that is written on another. */
export const volumes = { system: "/dev/xvda", data: "/dev/xvdb" } as const;
/** Size of the system's volume, GiB; Bottlerocket's image needs 2. */
export const systemVolumeGib = 4;

export function planNodeGroups({ systemPool, gpuPools }: PrivateCloudFootprint): NodeGroupPlan[] {
  return [
    {
      suffix: "system",
      amiType: "BOTTLEROCKET_x86_64",
      instanceType: systemPool.instanceType,
      nodes: systemPool.nodes,
      labels: { "cloister.dev/pool": "system" },
      taints: [],
      dataVolumeGib: 100,
    },
    ...gpuPools.map((pool): NodeGroupPlan => ({
      suffix: `gpu-${pool.name}`,
      // This variant brings NVIDIA's driver and device plugin: nothing privileged has to be installed.
      amiType: "BOTTLEROCKET_x86_64_NVIDIA",
      instanceType: pool.instanceType,
      nodes: pool.nodes,
      labels: { "cloister.dev/pool": pool.name },
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
      // A model server's image and the weights of several models, in an old and a new version during an upgrade.
      dataVolumeGib: 500,
    })),
  ];
}

/**
 * Settings of Bottlerocket, TOML in base64. Its two host containers are ways onto a node, by SSM and by SSH; both stay
 * shut, and their images could not be pulled here anyway.
 */
export const userData: string = Buffer.from(
  [
    "[settings.host-containers.admin]",
    "enabled = false",
    "[settings.host-containers.control]",
    "enabled = false",
    "",
  ].join("\n"),
).toString("base64");

/** What every node may do: join, and pull images. Pods have roles of their own. */
export const nodeRole = (place: Place): RolePlan => ({
  name: roleNames(place).nodes,
  description: "Nodes: join the cluster, pull images",
  trust: trustOf("ec2.amazonaws.com"),
  managed: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map((policy) =>
    arnOf.managedPolicy(place, policy),
  ),
});
