import type { NodeSpecification } from "../../rehearsal/control-plane/nodes";
import type { Environment } from "../../stacks/environment";

/** vCPUs and memory, GiB, of the instance types in the examples, as EC2 documents them. */
const instanceTypes: Readonly<Record<string, { readonly cpus: number; readonly memoryGib: number }>> = {
  "m7i.xlarge": { cpus: 4, memoryGib: 16 },
  "g6e.12xlarge": { cpus: 48, memoryGib: 384 },
  "p5.48xlarge": { cpus: 192, memoryGib: 2048 },
};
/** For a type that is not in the list; a rehearsal schedules pods, it measures nothing by these. */
const assumed = { cpus: 64, memoryGib: 512 };

/** The machines of an environment as nodes that kwok can play. */
export function rehearsedNodes({ footprint }: Environment): NodeSpecification[] {
  if (footprint.kind !== "private-cloud") {
    return footprint.machines.map((machine) => ({
      name: machine.name,
      pool: machine.gpu?.pool ?? machine.role,
      gpus: machine.gpu?.count ?? 0,
      gpuProduct: machine.gpu?.product,
      cpus: machine.cpus,
      memoryGib: machine.memoryGib,
      zone: footprint.site,
      taints: machine.role === "server" ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : [],
    }));
  }
  const { systemPool, gpuPools, availabilityZones } = footprint;
  const zoneOf = (index: number) => availabilityZones[index % availabilityZones.length] ?? footprint.region;
  const pool = (
    name: string,
    instanceType: string,
    count: number,
    gpus = 0,
    gpuProduct?: string,
  ): NodeSpecification[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${name}-${index + 1}`,
      pool: name,
      gpus,
      gpuProduct,
      instanceType,
      zone: zoneOf(index),
      ...(instanceTypes[instanceType] ?? assumed),
    }));
  return [
    ...pool("system", systemPool.instanceType, systemPool.nodes),
    ...gpuPools.flatMap((gpu) => pool(gpu.name, gpu.instanceType, gpu.nodes, gpu.gpusPerNode, gpu.product)),
  ];
}
