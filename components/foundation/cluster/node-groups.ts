import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import type { Tier } from "../network/network-plan";
import { prefixOf, type Place } from "../private-cloud/place";
import { layRole, type LaidRole } from "../private-cloud/role";
import { capacityOf, networkCardsOf, placementOf, purchaseOf } from "./launch-template-plan";
import {
  nodeRole,
  planNodeGroups,
  systemVolumeGib,
  volumes,
  type NodeGroupPlan,
  type NodeShare,
} from "./node-groups-plan";

export interface NodeGroupsArgs {
  readonly place: Place;
  /** The ground, as the environment file describes it. */
  readonly footprint: PrivateCloudFootprint;
  /** Name of the EKS cluster. */
  readonly clusterName: pulumi.Input<string>;
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** The group that EKS makes for the cluster, which its nodes must be in. */
  readonly clusterGroupId: pulumi.Input<string>;
  /** Subnets of the nodes, in the order of the zones. */
  readonly subnetIds: Readonly<Record<Tier, pulumi.Input<string>[]>>;
  /** Keys by what they encrypt. */
  readonly keyArns: {
    /** Of the nodes' volumes. */
    readonly volumes: pulumi.Input<string>;
  };
  /** What must be up first. */
  readonly after: pulumi.Resource[];
}

/** The machines: a system pool and GPU pools, a group of each in each zone, on hardware that no other customer shares. */
export class NodeGroups extends pulumi.ComponentResource {
  public constructor(name: string, args: NodeGroupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:NodeGroups", name, {}, options);
    const role = layRole(`${name}-role`, nodeRole(args.place), this);
    const plans = planNodeGroups(args.footprint);
    const fabric = plans.some((plan) => plan.efaInterfaces > 0) ? this.layFabric(name, args) : undefined;
    for (const plan of plans) {
      const template = this.layTemplate(`${name}-${plan.suffix}`, plan, fabric, args);
      for (const share of plan.shares) this.layGroup(`${name}-${plan.suffix}`, plan, share, template, role, args);
    }
    this.registerOutputs({});
  }

  private layGroup(
    prefix: string,
    plan: NodeGroupPlan,
    { zone, index, nodes }: NodeShare,
    template: aws.ec2.LaunchTemplate,
    role: LaidRole,
    args: NodeGroupsArgs,
  ): void {
    new aws.eks.NodeGroup(
      `${prefix}-${zone}`,
      {
        clusterName: args.clusterName,
        nodeRoleArn: role.arn,
        subnetIds: args.subnetIds.nodes.slice(index, index + 1),
        amiType: plan.amiType,
        ...(plan.release === undefined ? {} : { releaseVersion: plan.release }),
        ...purchaseOf(plan),
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: nodes, desiredSize: nodes, maxSize: nodes },
        updateConfig: { maxUnavailable: 1 },
        // A node that is sick is replaced, one at a time: answers keep coming from the others.
        nodeRepairConfig: { enabled: true, maxParallelNodesRepairedCount: 1 },
        labels: { ...plan.labels },
        taints: [...plan.taints],
      },
      { parent: this, dependsOn: [...args.after, ...role.rights] },
    );
  }

  /** Elastic Fabric Adapters speak only within a group that admits itself, both ways. */
  private layFabric(name: string, args: NodeGroupsArgs): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      `${name}-fabric`,
      { vpcId: args.vpcId, description: "Elastic Fabric Adapters: among themselves" },
      { parent: this },
    );
    const itself = {
      securityGroupId: group.id,
      referencedSecurityGroupId: group.id,
      ipProtocol: "-1",
      description: "Among the adapters",
    };
    new aws.vpc.SecurityGroupIngressRule(`${name}-fabric-in`, itself, { parent: this });
    new aws.vpc.SecurityGroupEgressRule(`${name}-fabric-out`, itself, { parent: this });
    return group;
  }

  private layTemplate(
    name: string,
    plan: NodeGroupPlan,
    fabric: aws.ec2.SecurityGroup | undefined,
    args: NodeGroupsArgs,
  ): aws.ec2.LaunchTemplate {
    const group = plan.placementGroup
      ? new aws.ec2.PlacementGroup(
          `${name}-group`,
          { name: `${prefixOf(args.place)}-${plan.suffix}`, strategy: "cluster" },
          { parent: this },
        )
      : undefined;
    const tags = { Name: `${prefixOf(args.place)}-${plan.suffix}`, "cloister.dev/environment": args.place.environment };
    const volume = (deviceName: string, volumeSize: number) => ({
      deviceName,
      ebs: {
        volumeType: "gp3",
        volumeSize,
        encrypted: "true",
        kmsKeyId: args.keyArns.volumes,
        deleteOnTermination: "true",
      },
    });
    const cards = networkCardsOf(plan).map((card) => ({
      ...card,
      deleteOnTermination: "true",
      securityGroups: fabric === undefined ? [] : [args.clusterGroupId, fabric.id],
    }));
    const placement = placementOf(plan, group === undefined ? undefined : `${prefixOf(args.place)}-${plan.suffix}`);
    return new aws.ec2.LaunchTemplate(
      `${name}-template`,
      {
        updateDefaultVersion: true,
        placement,
        ...capacityOf(plan),
        ...(cards.length === 0 ? {} : { networkInterfaces: cards }),
        // One hop: a pod, which is two hops away, cannot ask for its node's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [volume(volumes.system, systemVolumeGib), volume(volumes.data, plan.dataVolumeGib)],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
        userData: Buffer.from(plan.settings).toString("base64"),
      },
      { parent: this, dependsOn: group === undefined ? [] : [group] },
    );
  }
}
