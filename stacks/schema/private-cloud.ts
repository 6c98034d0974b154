import { z } from "zod";
import { cidr, kubernetesMinor, shortName, whole } from "./common";
import { gpuProduct } from "./gpu-product";
import { guardrails } from "./guardrails";
import { privateNetwork } from "./private-network";

// China's endpoints have other names, and its accounts another partition: no plan could be made for it.
const region = z
  .string()
  .regex(/^(?!cn-)[a-z]{2}(-gov)?-[a-z]+-[1-9]$/)
  .meta({
    description: "AWS region",
    allowed: "an AWS region such as eu-central-1, outside China",
    mend: "write the region's code",
  });

/** A single-tenant AWS VPC. */
export const privateCloud = z.strictObject({
  kind: z.literal("private-cloud"),
  account: z
    .string()
    .regex(/^[0-9]{12}$/)
    .meta({
      description: "AWS account, which holds this environment and nothing else",
      allowed: "12 digits, in quotation marks",
      mend: "write the account number as a string",
    }),
  region,
  availabilityZones: z
    .array(
      z
        .string()
        .regex(/^[a-z]{2}(-gov)?-[a-z]+-[1-9][a-f]$/)
        .meta({ allowed: "a zone such as eu-central-1a", mend: "write the zone's code" }),
    )
    .min(2)
    .max(3)
    .meta({
      description: "Availability zones of the subnets",
      allowed: "2 or 3 zones",
      mend: "EKS needs two zones; three keep a quorum when one is lost",
    }),
  network: privateNetwork,
  organisationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/)
    .meta({
      description:
        "AWS organisation whose accounts the endpoints admit, beside the environment's own; without it that account alone",
      allowed: "an organisation's identifier such as o-a1b2c3d4e5",
      mend: "write it as `aws organizations describe-organization` shows it, or leave it out",
    })
    .optional(),
  kubernetes: z.strictObject({
    minor: kubernetesMinor,
    serviceCidr: cidr("Addresses of Kubernetes services").default("172.20.0.0/16"),
  }),
  administrators: z
    .array(
      z
        .string()
        .regex(/^arn:aws(-us-gov)?:iam::[0-9]{12}:role\/.+$/)
        .meta({ allowed: "the ARN of an IAM role", mend: "write the role that operators assume with MFA" }),
    )
    .min(1)
    .meta({ description: "Roles that operate the cluster and administer keys", allowed: "one role or more" }),
  autoScalingRole: z.enum(["make", "found"]).default("make").meta({
    description: "Whether the account lacks AWSServiceRoleForAutoScaling, the role that starts nodes, or has it",
    allowed: "make or found",
    mend: "write found where `aws iam get-role --role-name AWSServiceRoleForAutoScaling` shows it: AWS makes it once",
  }),
  systemPool: z
    .strictObject({
      instanceType: z.string().default("m7i.xlarge").meta({ description: "EC2 instance type of the system nodes" }),
      nodes: whole("System nodes", 2, 20, "keep at least two, so that one can be replaced").default(3),
    })
    .prefault({})
    .meta({ description: "Nodes for everything that needs no GPU" }),
  gpuPools: z
    .array(
      z.strictObject({
        name: shortName("Name of the pool"),
        instanceType: z.string().meta({ description: "EC2 instance type, offered on dedicated tenancy in the region" }),
        product: gpuProduct,
        gpusPerNode: whole("GPUs of one node", 1, 8, "write what the instance type has"),
        nodes: whole("Nodes of the pool", 1, 64, "count one node more than the models need, for upgrades"),
      }),
    )
    .min(1)
    .meta({ description: "GPU node groups, on dedicated tenancy", allowed: "one pool or more" }),
  guardrails,
});

export type PrivateCloudFootprint = z.infer<typeof privateCloud>;
