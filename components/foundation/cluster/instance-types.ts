import { families, recordedRegions } from "./instance-types-data";

export { instanceTypesAsOf, instanceTypesSource } from "./instance-types-data";

/** What one EC2 instance type has and may be used for. */
export interface InstanceType {
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly gpu?: {
    readonly count: number;
    /** As NVIDIA's device plugin labels it, such as `NVIDIA-L40S`. */
    readonly product: string;
    /** Of one GPU, MiB. */
    readonly memoryMib: number;
  };
  /** Elastic Fabric Adapters at most, one for each network card; 0 where it has none. */
  readonly efaInterfaces: number;
  /** It may be launched in a placement group of the strategy `cluster`. */
  readonly placementGroups: boolean;
  /** It may be launched with tenancy `dedicated`. The API does not tell: true, unless an environment's own entry says no. */
  readonly dedicatedTenancy: boolean;
  /** It may be launched on a Dedicated Host, tenancy `host`. */
  readonly dedicatedHosts: boolean;
  /** EC2 sells capacity blocks of it. */
  readonly capacityBlocks: boolean;
  /** Regions that offer it. */
  readonly regions: readonly string[];
}

/** The instance types that the kit knows, by name, with the date and source of `instanceTypesAsOf`; a dated list, not a promise. */
export const instanceTypes: Readonly<Record<string, InstanceType>> = Object.fromEntries(
  Object.entries(families).flatMap(([family, { regions, gpu, capacityBlocks, sizes }]) =>
    Object.entries(sizes).map(
      ([size, [vcpus, memoryGib, gpus, efaInterfaces, dedicatedHosts]]): [string, InstanceType] => [
        `${family}.${size}`,
        {
          vcpus,
          memoryGib,
          ...(gpu === undefined ? {} : { gpu: { count: gpus, ...gpu } }),
          efaInterfaces,
          placementGroups: true,
          dedicatedTenancy: true,
          dedicatedHosts,
          capacityBlocks: capacityBlocks ?? false,
          regions,
        },
      ],
    ),
  ),
);

/** An environment's own words for a type that the list lacks, or that has changed since. */
export type InstanceTypeOverrides = Readonly<Record<string, InstanceType>>;

/** What is known of a type: the environment's own entry before the kit's; undefined where neither has one. */
export const instanceTypeOf = (name: string, overrides: InstanceTypeOverrides = {}): InstanceType | undefined =>
  overrides[name] ?? instanceTypes[name];

/** False only where it is known that the region does not offer the type. */
export function mayOffer(type: InstanceType, region: string): boolean {
  return type.regions.includes(region) || !(recordedRegions.includes(region) || type.regions.length === 0);
}
