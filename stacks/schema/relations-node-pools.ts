import {
  instanceTypeOf,
  instanceTypesAsOf,
  mayOffer,
  type InstanceType,
} from "../../components/foundation/cluster/instance-types";
import type { BrokenRelation, Path } from "./networks";
import type { PrivateCloudFootprint } from "./private-cloud";

type Pool = PrivateCloudFootprint["gpuPools"][number];
type Found = Omit<BrokenRelation, "path"> & { readonly field: string };

/** What an instance type must offer, and what a pool may ask of it: each mistake with the field that it is in. */
export function nodePoolRelations(footprint: PrivateCloudFootprint): BrokenRelation[] {
  const at = (...path: Path): Path => ["footprint", ...path];
  const typeOf = (name: string) => instanceTypeOf(name, footprint.instanceTypes);
  const inRegion = (name: string, type: InstanceType | undefined): Found[] =>
    type === undefined
      ? [
          {
            field: "instanceType",
            found: `${name}, of which nothing is known`,
            allowed: `a type of the kit's list of ${instanceTypesAsOf}, or one of footprint.instanceTypes`,
            mend: `correct the name, or add footprint.instanceTypes["${name}"] with what EC2 documents of it`,
          },
        ]
      : mayOffer(type, footprint.region)
        ? []
        : [
            {
              field: "instanceType",
              found: `${name}, which ${footprint.region} did not offer on ${instanceTypesAsOf}`,
              allowed: `a type that ${footprint.region} offers; ${name} is in ${type.regions.join(", ")}`,
              mend: "choose another type or region; if it is offered by now, say so in footprint.instanceTypes",
            },
          ];
  const { systemPool, gpuPools } = footprint;
  return [
    ...[
      ...inRegion(systemPool.instanceType, typeOf(systemPool.instanceType)),
      ...onDedicated(systemPool.instanceType, typeOf(systemPool.instanceType)),
    ].map(({ field, ...rest }) => ({ path: at("systemPool", field), ...rest })),
    ...gpuPools.flatMap((pool, index) => {
      const type = typeOf(pool.instanceType);
      return [
        ...inRegion(pool.instanceType, type),
        ...(type === undefined ? [] : ofType(pool, type)),
        ...ofCapacity(pool),
        ...ofZone(pool, footprint.availabilityZones),
      ].map(({ field, ...rest }) => ({ path: at("gpuPools", index, ...field.split(".")), ...rest }));
    }),
  ];
}

function onDedicated(name: string, type: InstanceType | undefined): Found[] {
  if (type === undefined || type.dedicatedTenancy) return [];
  return [
    {
      field: "instanceType",
      found: `${name}, which is not offered on dedicated tenancy`,
      allowed: "a type that may run on hardware of one's own",
      mend: "choose another type: nodes share their hardware with nobody",
    },
  ];
}

function ofType(pool: Pool, type: InstanceType): Found[] {
  const { instanceType, gpusPerNode, product, efa, placementGroup, host, capacity } = pool;
  const { gpu } = type;
  return [
    ...(gpu?.count === gpusPerNode
      ? []
      : [
          {
            field: "gpusPerNode",
            found: `${gpusPerNode}`,
            allowed:
              gpu === undefined ? `no GPU pool: ${instanceType} has none` : `${gpu.count}, what ${instanceType} has`,
            mend: "write what the type has, or choose another",
          },
        ]),
    ...(gpu === undefined || gpu.product === product
      ? []
      : [
          {
            field: "product",
            found: product,
            allowed: `${gpu.product}, what ${instanceType} has`,
            mend: "pods look for this label: write the type's own, or choose another type",
          },
        ]),
    ...(efa && type.efaInterfaces === 0
      ? [
          {
            field: "efa",
            found: `true, and ${instanceType} has no Elastic Fabric Adapter`,
            allowed: "false, or a type that has one",
            mend: "choose a larger size of the family, or leave efa out",
          },
        ]
      : []),
    ...(placementGroup && !type.placementGroups
      ? [
          {
            field: "placementGroup",
            found: `true, and ${instanceType} cannot be launched in one`,
            allowed: "false",
            mend: "leave it out, or choose another type",
          },
        ]
      : []),
    ...(host === undefined ? onDedicated(instanceType, type) : []),
    ...(host !== undefined && !type.dedicatedHosts
      ? [
          {
            field: "host",
            found: `Dedicated Hosts, which do not carry ${instanceType}`,
            allowed: "dedicated tenancy, or a type that Dedicated Hosts carry",
            mend: "leave host out: dedicated tenancy gives hardware of one's own too",
          },
        ]
      : []),
    ...(capacity?.kind === "block" && !type.capacityBlocks
      ? [
          {
            field: "capacity.kind",
            found: `block, and ${instanceType} is not sold in blocks`,
            allowed: "reservation, or a type of the p families",
            mend: "reserve on-demand capacity instead",
          },
        ]
      : []),
  ];
}

function ofCapacity({ host, capacity, placementGroup }: Pool): Found[] {
  return [
    ...(capacity?.tenancy === "default"
      ? [
          {
            field: "capacity.tenancy",
            found: "default",
            allowed: "dedicated",
            mend: "buy the capacity with tenancy dedicated: nodes of dedicated tenancy cannot use any other",
          },
        ]
      : []),
    ...(host !== undefined && placementGroup
      ? [
          {
            field: "placementGroup",
            found: "true, beside host",
            allowed: "one or the other",
            mend: "EC2 takes no Dedicated Host into a placement group: leave one of the two out",
          },
        ]
      : []),
    ...(host !== undefined && capacity !== undefined
      ? [
          {
            field: "capacity",
            found: `a ${capacity.kind}, beside host`,
            allowed: "one or the other",
            mend: "a Dedicated Host is capacity already: leave one of the two out",
          },
        ]
      : []),
    ...(placementGroup && capacity !== undefined
      ? [
          {
            field: "placementGroup",
            found: `true, beside a ${capacity.kind}`,
            allowed: "false",
            mend: "bought capacity has its place: the kit's own placement group cannot hold it",
          },
        ]
      : []),
  ];
}

function ofZone({ availabilityZone, capacity, efa, placementGroup }: Pool, zones: readonly string[]): Found[] {
  const why = capacity !== undefined ? "capacity" : efa ? "efa" : placementGroup ? "placementGroup" : undefined;
  if (availabilityZone === undefined) {
    return why === undefined
      ? []
      : [
          {
            field: "availabilityZone",
            found: `nothing, and the pool has ${why}`,
            allowed: zones.join(", "),
            mend: "name the one zone: such nodes stand in one zone alone",
          },
        ];
  }
  return zones.includes(availabilityZone)
    ? []
    : [
        {
          field: "availabilityZone",
          found: availabilityZone,
          allowed: zones.join(", "),
          mend: "name a zone of the environment",
        },
      ];
}
