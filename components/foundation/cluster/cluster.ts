import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import type { KeyUse } from "../keys/keys-plan";
import { apiClients } from "../network/attachment-plan";
import type { Tier } from "../network/network-plan";
import { operatorsGroup } from "../operators-group";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { AddOns } from "./add-ons";
import { planAddOns } from "./add-ons-plan";
import { controlPlaneLogGroup, controlPlaneRole, logTypes, planAccess } from "./cluster-plan";
import { NodeGroups } from "./node-groups";
import { PodIdentities } from "./pod-identities";

export interface ClusterArgs {
  readonly place: Place;
  /** The ground, as the environment file describes it. */
  readonly footprint: PrivateCloudFootprint;
  /** The company's short name, part of names. */
  readonly organisation: string;
  /** Days for which logs are kept, one of those that CloudWatch offers. */
  readonly logRetentionDays: number;
  /** Keys by what they encrypt. */
  readonly keyArns: Readonly<Record<KeyUse, pulumi.Input<string>>>;
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets by tier, in the order of the zones. */
  readonly subnetIds: Readonly<Record<Tier, pulumi.Input<string>[]>>;
}

/** EKS with a private endpoint alone, its nodes, its add-ons, and the identities of pods. */
export class Cluster extends pulumi.ComponentResource {
  /** Who signs the tokens of service accounts. */
  public readonly issuer: pulumi.Output<string>;
  /** Role that an identity becomes, by identity. */
  public readonly roleArns: Record<string, pulumi.Output<string>>;

  public constructor(name: string, args: ClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Cluster", name, {}, options);
    const { place } = args;
    const cluster = this.layControlPlane(name, args);
    this.admitAdministrators(name, cluster, args);
    this.admitNetworks(name, cluster, args);
    const { kubernetes, runtimeAgent } = args.footprint;
    const addOns = planAddOns(place, { versions: kubernetes.addOnVersions, runtimeAgent });
    // Nodes become ready only with the CNI; the other add-ons are ready only on nodes.
    const early = new AddOns(
      `${name}-early`,
      { clusterName: cluster.name, plans: addOns.beforeNodes },
      { parent: this },
    );
    const nodes = new NodeGroups(
      `${name}-nodes`,
      { ...args, clusterName: cluster.name, clusterGroupId: groupOf(cluster), after: [early] },
      { parent: this },
    );
    new AddOns(
      `${name}-late`,
      { clusterName: cluster.name, plans: addOns.afterNodes, after: [nodes] },
      { parent: this },
    );
    this.roleArns = new PodIdentities(
      `${name}-pods`,
      { place, organisation: args.organisation, clusterName: cluster.name },
      { parent: this },
    ).roleArns;
    this.issuer = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
    this.registerOutputs({ issuer: this.issuer, roleArns: this.roleArns });
  }

  private layControlPlane(name: string, args: ClusterArgs): aws.eks.Cluster {
    const { place, footprint, keyArns } = args;
    const role = layRole(`${name}-control-plane-role`, controlPlaneRole(place), this);
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-control-plane-logs`,
      { name: controlPlaneLogGroup(place), kmsKeyId: keyArns.logs, retentionInDays: args.logRetentionDays },
      { parent: this, protect: true, retainOnDelete: true },
    );
    return new aws.eks.Cluster(
      `${name}-control-plane`,
      {
        name: prefixOf(place),
        version: footprint.kubernetes.minor,
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: args.subnetIds["control-plane"],
          endpointPrivateAccess: true,
          endpointPublicAccess: false,
        },
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: footprint.kubernetes.serviceCidr },
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: keyArns.cluster } },
        enabledClusterLogTypes: [...logTypes],
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        // Every add-on is one of ours, with its own rights and settings.
        bootstrapSelfManagedAddons: false,
        deletionProtection: true,
        upgradePolicy: { supportType: "STANDARD" },
      },
      { parent: this, dependsOn: [logs, ...role.rights], protect: true },
    );
  }

  /** Networks of operators, where the company reaches the VPC; nodes are admitted by the group itself. */
  private admitNetworks(name: string, cluster: aws.eks.Cluster, { footprint }: ClusterArgs): void {
    for (const cidrIpv4 of apiClients(footprint.network.cidr, footprint.network.attachment)) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-api-${cidrIpv4.replace("/", "-")}`,
        {
          securityGroupId: groupOf(cluster),
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          description: "Operators, to the API",
        },
        { parent: this },
      );
    }
  }

  /**
   * Administrators within namespaces; nobody is a cluster administrator by standing right. EKS's own associations do not
   * expire: the installer's is there while its waiver runs, and an environment whose waiver has run out is refused.
   */
  private admitAdministrators(name: string, cluster: aws.eks.Cluster, { place, footprint }: ClusterArgs): void {
    for (const { suffix, principalArn } of planAccess(footprint.administrators)) {
      const entry = new aws.eks.AccessEntry(
        `${name}-access-${suffix}`,
        { clusterName: cluster.name, principalArn, type: "STANDARD", kubernetesGroups: [operatorsGroup] },
        { parent: this },
      );
      new aws.eks.AccessPolicyAssociation(
        `${name}-access-${suffix}-rights`,
        {
          clusterName: cluster.name,
          principalArn: entry.principalArn,
          policyArn: arnOf.accessPolicy(place, "AmazonEKSAdminPolicy"),
          accessScope: { type: "cluster" },
        },
        { parent: this },
      );
      if (footprint.installer?.role !== principalArn) continue;
      new aws.eks.AccessPolicyAssociation(
        `${name}-access-${suffix}-installer`,
        {
          clusterName: cluster.name,
          principalArn: entry.principalArn,
          policyArn: arnOf.accessPolicy(place, "AmazonEKSClusterAdminPolicy"),
          accessScope: { type: "cluster" },
        },
        { parent: this },
      );
    }
  }
}

/** The security group that EKS makes for the control plane's interfaces and the nodes. */
const groupOf = (cluster: aws.eks.Cluster): pulumi.Output<string> =>
  cluster.vpcConfig.apply((config) => config.clusterSecurityGroupId);
