import { z } from "zod";
import { shortName, whole } from "./common";
import { gpuProduct } from "./gpu-product";

const identifier = (prefix: string, description: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{17}$`))
    .meta({ description, allowed: `${prefix}- and 17 digits`, mend: "write the identifier that EC2 shows" });

const zone = z
  .string()
  .regex(/^(?!cn-)[a-z]{2}(-gov)?-[a-z]+-[1-9][a-f]$/)
  .meta({
    description: "The one zone of the pool; needed where its nodes stand close together or their capacity is bought",
    allowed: "a zone of the environment",
    mend: "write one of availabilityZones",
  });

const instanceType = (description: string) =>
  z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/)
    .meta({ description, allowed: "an EC2 instance type such as g6e.12xlarge", mend: "write the type's name" });

/** Dedicated Hosts that the account has allocated; without it nodes have dedicated tenancy. */
const host = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("resource-group"),
      resourceGroup: z
        .string()
        .regex(/^arn:aws(-us-gov)?:resource-groups:[a-z0-9-]+:[0-9]{12}:group\/.+$/)
        .meta({
          description: "Host resource group, which may allocate and release hosts by itself",
          allowed: "the ARN of a host resource group",
          mend: "write the ARN that License Manager shows",
        }),
    }),
    z.strictObject({ kind: z.literal("host"), host: identifier("h", "One Dedicated Host, large enough for the pool") }),
  ])
  .meta({ description: "Dedicated Hosts for the nodes: resource-group or host; the default is dedicated tenancy" });

const tenancy = z.enum(["default", "dedicated"]).meta({
  description: "Tenancy that the capacity was bought with",
  allowed: "dedicated",
  mend: "write what `aws ec2 describe-capacity-reservations` shows as Tenancy",
});

/** Capacity that was bought beforehand. */
const capacity = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("reservation"),
      reservation: identifier("cr", "On-demand capacity reservation, targeted"),
      tenancy,
    }),
    z.strictObject({
      kind: z.literal("block"),
      reservation: identifier("cr", "Capacity block for machine learning"),
      tenancy,
    }),
  ])
  .meta({ description: "Capacity that was bought: reservation or block; without it nodes are on demand" });

export const gpuPool = z.strictObject({
  name: shortName("Name of the pool"),
  instanceType: instanceType("EC2 instance type, offered on dedicated tenancy in the region"),
  product: gpuProduct,
  gpusPerNode: whole("GPUs of one node", 1, 8, "write what the instance type has"),
  nodes: whole("Nodes of the pool", 1, 64, "count one node more than the models need, for upgrades"),
  availabilityZone: zone.optional(),
  host: host.optional(),
  capacity: capacity.optional(),
  efa: z.boolean().default(false).meta({
    description: "Elastic Fabric Adapters on every network card, for models that span nodes",
    allowed: "true or false",
    mend: "write true where the instance type has them and pods use them",
  }),
  placementGroup: z.boolean().default(false).meta({
    description: "Nodes close together, in a placement group of the strategy cluster",
    allowed: "true or false",
    mend: "write true for models that span nodes",
  }),
});

export const systemPool = z
  .strictObject({
    instanceType: instanceType("EC2 instance type of the system nodes").default("m7i.2xlarge"),
    nodes: whole("System nodes", 2, 20, "keep at least two, so that one can be replaced").default(3),
  })
  .prefault({})
  .meta({ description: "Nodes for everything that needs no GPU" });

const entry = z.strictObject({
  vcpus: whole("Virtual processors", 1, 1024, "write what EC2 documents"),
  memoryGib: whole("Memory, GiB", 1, 32768, "write what EC2 documents"),
  gpu: z
    .strictObject({
      count: whole("GPUs", 1, 16, "write what EC2 documents"),
      product: gpuProduct,
      memoryMib: whole("Memory of one GPU, MiB", 1024, 1_048_576, "write what EC2 documents"),
    })
    .optional(),
  efaInterfaces: whole("Elastic Fabric Adapters at most", 0, 64, "write 0 where it has none").default(0),
  placementGroups: z.boolean().default(false).meta({ description: "May be launched in a placement group" }),
  dedicatedTenancy: z.boolean().meta({ description: "May be launched with tenancy dedicated" }),
  dedicatedHosts: z.boolean().default(false).meta({ description: "May be launched on a Dedicated Host" }),
  capacityBlocks: z.boolean().default(false).meta({ description: "Is sold in capacity blocks" }),
  regions: z.array(z.string()).min(1).meta({ description: "Regions that offer it", allowed: "one region or more" }),
});

export const instanceTypeEntries = z.record(instanceType("EC2 instance type"), entry).default({}).meta({
  description: "Instance types that the kit's dated list lacks, or that have changed since",
  allowed: "what `aws ec2 describe-instance-types` tells of each",
  mend: "add an entry for the type",
});
