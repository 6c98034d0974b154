import type { Environment } from "../../../stacks/environment";

export type FootprintKind = Environment["footprint"]["kind"];
export const footprintKinds: readonly FootprintKind[] = ["private-cloud", "colocation", "on-prem"];

export interface PoolNeed {
  readonly name: string;
  /** The GPU's product label. */
  readonly product: string;
  readonly gpusPerNode: number;
  readonly nodes: number;
  /** Where the environment is in the cloud. */
  readonly instanceType?: string;
}

/** What an environment needs of any footprint, read from the one it is on. */
export interface Needs {
  readonly environment: string;
  readonly from: FootprintKind;
  /** Where the environment is in the cloud. */
  readonly region?: string;
  readonly zones: number;
  readonly pools: readonly PoolNeed[];
  /** Machines of the control plane; a cloud brings its own. */
  readonly servers: number;
  /** Machines for pods without a GPU. */
  readonly workers: readonly { readonly cpus: number; readonly memoryGib: number; readonly instanceType?: string }[];
  readonly models: readonly { readonly name: string; readonly pool: string; readonly replicas: number }[];
}

/** Reads the needs; what one footprint does not say is what the kit's own examples have there: three of a quorum. */
export function needsOf({ name, footprint, platform }: Environment, sizes: SizeOf): Needs {
  const models = platform.models.map(({ name, pool, replicas }) => ({ name, pool, replicas }));
  if (footprint.kind === "private-cloud") {
    const { instanceType, nodes } = footprint.systemPool;
    const size = sizes(instanceType) ?? { cpus: 4, memoryGib: 16 };
    return {
      environment: name,
      from: footprint.kind,
      region: footprint.region,
      zones: footprint.availabilityZones.length,
      pools: footprint.gpuPools.map(({ name, product, gpusPerNode, nodes, instanceType }) => ({
        name,
        product,
        gpusPerNode,
        nodes,
        instanceType,
      })),
      servers: 3,
      workers: Array.from({ length: nodes }, () => ({ ...size, instanceType })),
      models,
    };
  }
  const pools = new Map<string, PoolNeed>();
  for (const { gpu } of footprint.machines) {
    if (gpu === undefined) continue;
    const pool = pools.get(gpu.pool);
    pools.set(gpu.pool, {
      name: gpu.pool,
      product: gpu.product,
      gpusPerNode: Math.max(pool?.gpusPerNode ?? 0, gpu.count),
      nodes: (pool?.nodes ?? 0) + 1,
    });
  }
  const plain = footprint.machines.filter(({ gpu }) => gpu === undefined);
  return {
    environment: name,
    from: footprint.kind,
    zones: 3,
    pools: [...pools.values()],
    servers: plain.filter(({ role }) => role === "server").length,
    workers: plain.filter(({ role }) => role === "agent").map(({ cpus, memoryGib }) => ({ cpus, memoryGib })),
    models,
  };
}

/** Size of an instance type; undefined where it is not known. */
export type SizeOf = (instanceType: string) => { readonly cpus: number; readonly memoryGib: number } | undefined;
