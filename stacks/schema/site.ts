import { z } from "zod";
import { storeCapabilities } from "../../components/substrate";
import { address, cidr, disk, hostAndPort, httpsUrl, kubernetesMinor, macAddress, shortName, whole } from "./common";
import { gpuProduct } from "./gpu-product";

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
  macs: z.array(macAddress("Of a network card on the machines' network")).min(1).max(2).meta({
    description: "The cards on the machines' network; two are bonded, so that a switch may fail",
    allowed: "one address, or two",
    mend: "list the cards by which the machine reaches the others",
  }),
  systemDisk: disk("The disk that the machine starts from; all that is on it is lost at the install"),
  dataDisks: z
    .array(disk("A further disk, encrypted too; all that is on it is lost at the install"))
    .default([])
    .meta({ description: "Disks for the volumes of pods; the default is none besides the system's" }),
  storageAddress: address("Address on the storage network").optional(),
  gpu: z
    .strictObject({
      pool: shortName("GPU pool the machine belongs to"),
      product: gpuProduct,
      count: whole("GPUs in the machine", 1, 16, "write the number of GPUs in the machine"),
    })
    .optional(),
});

const vlan = (description: string) => whole(description, 1, 4094, "write the tag that the switches use");

const network = z.strictObject({
  cidr: cidr("Network of the machines"),
  vlan: vlan("Tag of the machines' network, where the switches expect one").optional(),
  apiServer: address("Virtual address of the Kubernetes API, inside the machines' network"),
  podCidr: cidr("Addresses of pods").default("10.42.0.0/16"),
  serviceCidr: cidr("Addresses of Kubernetes services").default("10.43.0.0/16"),
  loadBalancerCidr: cidr("Addresses that the load balancer may hand to the door"),
  dns: z.array(address("A name server on the machines' network")).min(1).meta({
    description: "Name servers of the site",
    allowed: "one address or more",
    mend: "run a name server in the site: nothing outside is asked",
  }),
  ntp: z.array(address("A time server on the machines' network")).min(1).meta({
    description: "Time servers of the site",
    allowed: "one address or more",
    mend: "run a time server in the site: certificates and the audit record need the time",
  }),
  routes: z
    .array(
      z.strictObject({
        to: cidr("A network of the company's that machines answer to"),
        via: address("The router on the machines' network"),
      }),
    )
    .default([])
    .meta({ description: "Ways out of the machines' network, each by name; there is no default route" }),
  storage: z
    .strictObject({ cidr: cidr("Network of the storage traffic"), vlan: vlan("Its tag, on the same cards") })
    .optional()
    .meta({ description: "A network for storage traffic; the default is none apart from the machines' own" }),
});

/** What a rack and a cage have in common. */
export const site = {
  site: shortName("Name of the site"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .meta({ description: "Country of the site", allowed: "an ISO 3166 code such as DE", mend: "write two capitals" }),
  network,
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
