import { z } from "zod";
import { cidr, kubernetesMinor } from "./common";
import { guardrails } from "./guardrails";
import { gpuPool, instanceTypeEntries, systemPool } from "./node-pools";
import { privateNetwork } from "./private-network";
import { waiver } from "./waiver";

// China's endpoints have other names, and its accounts another partition: no plan could be made for it.
const region = z
  .string()
  .regex(/^(?!cn-)[a-z]{2}(-gov)?-[a-z]+-[1-9]$/)
  .meta({
    description: "AWS region",
    allowed: "an AWS region such as eu-central-1, outside China",
    mend: "write the region's code",
  });

/** Add-ons of EKS that every cluster has. */
export const addOnNames = [
  "vpc-cni",
  "kube-proxy",
  "eks-pod-identity-agent",
  "coredns",
  "aws-ebs-csi-driver",
  "eks-node-monitoring-agent",
] as const;

const addOnVersion = z
  .string()
  .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/)
  .meta({ allowed: "a version such as v1.2.3-eksbuild.1", mend: "write the version as EKS lists it" });

const addOnVersions = Object.fromEntries(addOnNames.map((name) => [name, addOnVersion.optional()])) as Record<
  (typeof addOnNames)[number],
  z.ZodOptional<typeof addOnVersion>
>;

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
    addOnVersions: z
      .strictObject(addOnVersions)
      .prefault({})
      .meta({
        description: "Versions of EKS add-ons, pinned; one that is not named stays at what EKS chose when it was made",
        allowed: `versions of ${addOnNames.join(", ")}`,
        mend: "write what `aws eks describe-addon-versions --kubernetes-version` lists",
      }),
    nodeRelease: z
      .string()
      .regex(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/)
      .meta({
        description: "Bottlerocket release of every node, pinned; without it EKS takes the latest when a pool is made",
        allowed: "a release such as 1.20.3-5d9ac849",
        mend: "write the release that `aws ssm get-parameter` shows for the minor and variant",
      })
      .optional(),
    fips: z.boolean().default(false).meta({
      description: "Nodes of Bottlerocket's FIPS variants, whose cryptography is a validated module",
      allowed: "true or false",
      mend: "write true where a framework asks for FIPS 140-3; every pool is made anew then",
    }),
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
  installer: waiver
    .extend({
      role: z
        .string()
        .regex(/^arn:aws(-us-gov)?:iam::[0-9]{12}:role\/.+$/)
        .meta({ description: "One of the administrators", allowed: "the ARN of an IAM role", mend: "name the role" }),
    })
    .optional()
    .meta({
      description:
        "A role that is cluster administrator while the platform is first brought up or changed; never a standing right",
    }),
  autoScalingRole: z.enum(["make", "found"]).default("make").meta({
    description: "Whether the account lacks AWSServiceRoleForAutoScaling, the role that starts nodes, or has it",
    allowed: "make or found",
    mend: "write found where `aws iam get-role --role-name AWSServiceRoleForAutoScaling` shows it: AWS makes it once",
  }),
  systemPool,
  gpuPools: z
    .array(gpuPool)
    .min(1)
    .meta({ description: "GPU node groups, on hardware of one's own", allowed: "one pool or more" }),
  instanceTypes: instanceTypeEntries,
  runtimeAgent: z
    .strictObject({
      registry: z
        .string()
        .regex(/^[0-9]{12}$/)
        .meta({
          description:
            "Account of the registry that holds the agent's images in the region; the GuardDuty guide lists it",
          allowed: "12 digits, in quotation marks",
          mend: "look it up for the environment's region",
        }),
      version: addOnVersion,
    })
    .optional()
    .meta({ description: "GuardDuty's agent on the nodes; without it GuardDuty sees the API and the logs alone" }),
  guardrails,
});

export type PrivateCloudFootprint = z.infer<typeof privateCloud>;
