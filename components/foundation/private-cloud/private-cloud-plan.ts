import type { Environment } from "../../../stacks/environment";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import { gpuPoolsOf } from "../../../stacks/schema/relations";
import { dataClassNames, type DataClassName } from "../../data-classes";
import { storeCapabilities, type SubstrateFacts } from "../../substrate";
import type { Amount } from "../../system-room";
import { controlPlaneLogGroup } from "../cluster/cluster-plan";
import { instanceTypeOf } from "../cluster/instance-types";
import { planGrants } from "../grants";
import { cidrsOf, planSubnets } from "../network/network-plan";
import { planned } from "../planned";
import { plannedCertificates } from "../pki/planned-certificates";
import { registryHost } from "../registry/registry-plan";
import { bucketName } from "../storage/object-store-plan";
import { arnOf, prefixOf, type Place } from "./place";
import { grantRoleName } from "./role-names";

export type PrivateCloudEnvironment = Environment & { readonly footprint: PrivateCloudFootprint };

export const placeOf = ({ name, footprint }: PrivateCloudEnvironment): Place => ({
  account: footprint.account,
  region: footprint.region,
  environment: name,
});

/** Name of the log group for the VPC's flow logs. */
export const flowLogGroup = ({ environment }: Place): string => `/cloister/${environment}/flow-logs`;

const byDataClass = (value: (name: DataClassName) => string) =>
  Object.fromEntries(dataClassNames.map((name) => [name, value(name)])) as Record<DataClassName, string>;

/** A type that nothing is known of was refused with the environment file. */
function systemNodesOf({ systemPool, instanceTypes }: PrivateCloudFootprint): Amount[] {
  const { vcpus = 0, memoryGib = 0 } = instanceTypeOf(systemPool.instanceType, instanceTypes) ?? {};
  return Array.from({ length: systemPool.nodes }, () => ({ cpus: vcpus, memoryGib }));
}

/** The Substrate as it will be: everything that the environment file decides, and marks where an `up` must tell. */
export function planPrivateCloud(environment: PrivateCloudEnvironment): SubstrateFacts {
  const { footprint, name, organisation } = environment;
  const place = placeOf(environment);
  const subnets = planSubnets(footprint.network.cidr, footprint.availabilityZones);
  return {
    apiVersion: "cloister.dev/substrate/v1",
    environment: name,
    kubernetes: {
      minor: footprint.kubernetes.minor,
      context: prefixOf(place),
      clusterIdentifier: prefixOf(place),
    },
    objectStore: {
      region: footprint.region,
      capabilities: [...storeCapabilities],
      auditRetentionDays: environment.auditRetentionDays,
      buckets: byDataClass((dataClass) => bucketName(organisation.slug, name, dataClass)),
    },
    keys: { manager: "aws-kms", byDataClass: byDataClass((dataClass) => planned(`key ${dataClass}`)) },
    registry: { host: registryHost(place), pull: "node-role" },
    secretStore: { kind: "aws-secrets-manager", address: `https://secretsmanager.${footprint.region}.amazonaws.com` },
    identityIssuer: { url: planned("issuer"), audience: "pods.eks.amazonaws.com" },
    grants: planGrants().map((grant) => ({
      ...grant,
      role: arnOf.role(place, grantRoleName(place, grant.identity)),
    })),
    podIdentity: "eks-pod-identity",
    gpu: { software: "node-image", pools: gpuPoolsOf(environment) },
    systemNodes: {
      nodes: systemNodesOf(footprint),
      setting: "footprint.systemPool",
      grow: "raise footprint.systemPool.nodes, or name a larger footprint.systemPool.instanceType",
    },
    storageClass: {
      name: "encrypted",
      encrypted: true,
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: planned("volumes key") },
    },
    network: { objectStore: cidrsOf(subnets, "store"), apiServer: cidrsOf(subnets, "control-plane") },
    loadBalancer: {
      annotations: {
        "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
        "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
      },
    },
    certificates: plannedCertificates(environment),
    database: { kind: "rds" },
    auditSource: { kind: "cloudwatch-logs", location: controlPlaneLogGroup(place) },
  };
}
