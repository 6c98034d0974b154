import { z } from "zod";
import { storeCapabilities } from "../../components/substrate";
import { address, cidr, hostAndPort, hostName, httpsUrl, kubernetesMinor, shortName, whole } from "./common";

const gpuProduct = z.enum(["NVIDIA-L40S", "NVIDIA-A100-SXM4-80GB", "NVIDIA-H100-80GB-HBM3"]).meta({
  description: "The product label that NVIDIA's device plugin gives such a GPU",
  mend: "write the value of `nvidia.com/gpu.product` of such a node",
});

const region = z
  .string()
  .regex(/^[a-z]{2}(-gov)?-[a-z]+-[1-9]$/)
  .meta({ description: "AWS region", allowed: "an AWS region such as eu-central-1", mend: "write the region's code" });

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
  network: z.strictObject({ cidr: cidr("The VPC's network, not used elsewhere in the company") }),
  kubernetes: z.strictObject({
    minor: kubernetesMinor,
    serviceCidr: cidr("Addresses of Kubernetes services").default("172.20.0.0/16"),
  }),
  administrators: z
    .array(
      z
        .string()
        .regex(/^arn:aws(-us-gov|-cn)?:iam::[0-9]{12}:role\/.+$/)
        .meta({ allowed: "the ARN of an IAM role", mend: "write the role that operators assume with MFA" }),
    )
    .min(1)
    .meta({ description: "Roles that operate the cluster and administer keys", allowed: "one role or more" }),
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
});

const store = z.strictObject({
  endpoint: httpsUrl("Address of the S3 API"),
  region: shortName("Region name the store answers to").default("site"),
  cidr: cidr("Network of the store's addresses"),
  capabilities: z
    .array(z.enum(storeCapabilities))
    .meta({ description: "What the store can do; versioning and object-lock are required" }),
  compensations: z
    .partialRecord(
      z.enum(storeCapabilities),
      z.string().min(20).meta({
        allowed: "a sentence of 20 characters or more",
        mend: "name the measure that takes the capability's place, and where it is kept",
      }),
    )
    .default({})
    .meta({ description: "For each capability the store lacks, what takes its place" }),
});

const machine = z.strictObject({
  name: shortName("Host name of the machine", 40),
  role: z.enum(["server", "agent"]).meta({
    description: "server: runs the control plane; agent: runs pods",
    mend: "write server for three machines, agent for the others",
  }),
  address: address("Address on the cluster network"),
  cpus: whole("CPU cores", 2, 512, "write the machine's cores"),
  memoryGib: whole("Memory, GiB", 4, 8192, "write the machine's memory"),
  gpu: z
    .strictObject({
      pool: shortName("GPU pool the machine belongs to"),
      product: gpuProduct,
      count: whole("GPUs in the machine", 1, 16, "write the number of GPUs in the machine"),
    })
    .optional(),
});

const site = {
  site: shortName("Name of the site"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .meta({ description: "Country of the site", allowed: "an ISO 3166 code such as DE", mend: "write two capitals" }),
  network: z.strictObject({
    cidr: cidr("Network of the machines"),
    apiServer: address("Virtual address of the Kubernetes API, inside the machines' network"),
    podCidr: cidr("Addresses of pods").default("10.42.0.0/16"),
    serviceCidr: cidr("Addresses of Kubernetes services").default("10.43.0.0/16"),
    loadBalancerCidr: cidr("Addresses that the load balancer may hand to the door"),
  }),
  kubernetes: z.strictObject({ minor: kubernetesMinor }),
  machines: z
    .array(machine)
    .min(4)
    .meta({ description: "The machines of the rack", allowed: "three servers and one agent or more" }),
  registry: z.strictObject({ host: hostAndPort("Private OCI registry, outside the cluster it feeds") }),
  objectStore: store,
  keyManager: z.strictObject({
    kind: z.enum(["openbao", "hsm"]).meta({ description: "What holds the keys", mend: "write openbao or hsm" }),
    address: httpsUrl("Address of the key manager"),
  }),
  secretStore: z.strictObject({ address: httpsUrl("Address of OpenBao as secret store") }),
  identity: z.strictObject({ issuer: httpsUrl("Issuer of the cluster's service-account tokens") }),
  storageClass: shortName("Storage class whose volumes are encrypted", 40).default("encrypted"),
};

/** An air-gapped rack of one's own. */
export const onPrem = z.strictObject({ kind: z.literal("on-prem"), ...site });

/** A leased cage in somebody else's building. */
export const colocation = z.strictObject({
  kind: z.literal("colocation"),
  ...site,
  facility: z.strictObject({
    operator: z.string().min(2).meta({ description: "Company that runs the building" }),
    cage: z.string().min(1).meta({ description: "The cage, as the operator numbers it" }),
  }),
  siteLink: z.strictObject({
    kind: z.enum(["wireguard", "ipsec"]).meta({ mend: "write wireguard or ipsec" }),
    peer: hostName("The company's end of the link"),
    port: whole("UDP port of the company's end", 1, 65535, "51820 is WireGuard's usual port").default(51820),
    companyCidr: cidr("The company's network behind the link"),
  }),
  managementCidr: cidr("Out-of-band management network, apart from every other"),
  keyServers: z
    .array(httpsUrl("A Tang server in the company's own building"))
    .min(2)
    .meta({ description: "Disks unlock only in sight of these", allowed: "two servers or more, so that one may fail" }),
});

export const footprint = z
  .discriminatedUnion("kind", [privateCloud, colocation, onPrem])
  .meta({ description: "The ground: a cloud account, a cage or a rack" });

export type Footprint = z.infer<typeof footprint>;
export type PrivateCloudFootprint = z.infer<typeof privateCloud>;
export type OnPremFootprint = z.infer<typeof onPrem>;
export type ColocationFootprint = z.infer<typeof colocation>;
