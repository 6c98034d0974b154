import { instanceTypeOf } from "../../components/foundation/cluster/instance-types";
import type { NodeSpecification } from "../../rehearsal/control-plane/nodes";
import type { Environment } from "../../stacks/environment";

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
  const sizeOf = (instanceType: string) => {
    const known = instanceTypeOf(instanceType);
    return known === undefined ? assumed : { cpus: known.vcpus, memoryGib: known.memoryGib };
  };
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
      ...sizeOf(instanceType),
    }));
  return [
    ...pool("system", systemPool.instanceType, systemPool.nodes),
    ...gpuPools.flatMap((gpu) => pool(gpu.name, gpu.instanceType, gpu.nodes, gpu.gpusPerNode, gpu.product)),
  ];
}
