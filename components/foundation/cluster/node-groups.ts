import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import type { Tier } from "../network/network-plan";
import { prefixOf, type Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { nodeRole, planNodeGroups, systemVolumeGib, userData, volumes, type NodeGroupPlan } from "./node-groups-plan";

export interface NodeGroupsArgs {
  readonly place: Place;
  readonly footprint: PrivateCloudFootprint;
  readonly clusterName: pulumi.Input<string>;
  readonly subnetIds: Readonly<Record<Tier, pulumi.Input<string>[]>>;
  readonly keyArns: { readonly volumes: pulumi.Input<string> };
  /** What must be up first. */
  readonly after: pulumi.Resource[];
}

/** The machines: a system pool and one group for each GPU pool, all on hardware that no other customer shares. */
export class NodeGroups extends pulumi.ComponentResource {
  public constructor(name: string, args: NodeGroupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:NodeGroups", name, {}, options);
    const role = layRole(`${name}-role`, nodeRole(args.place), this);
    for (const plan of planNodeGroups(args.footprint)) {
      const template = this.layTemplate(`${name}-${plan.suffix}-template`, plan, args);
      new aws.eks.NodeGroup(
        `${name}-${plan.suffix}`,
        {
          clusterName: args.clusterName,
          nodeRoleArn: role.arn,
          subnetIds: args.subnetIds.nodes,
          amiType: plan.amiType,
          instanceTypes: [plan.instanceType],
          launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
          scalingConfig: { minSize: plan.nodes, desiredSize: plan.nodes, maxSize: plan.nodes },
          updateConfig: { maxUnavailable: 1 },
          labels: { ...plan.labels },
          taints: [...plan.taints],
        },
        { parent: this, dependsOn: [...args.after, ...role.rights] },
      );
    }
    this.registerOutputs({});
  }

  private layTemplate(name: string, plan: NodeGroupPlan, args: NodeGroupsArgs): aws.ec2.LaunchTemplate {
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
    return new aws.ec2.LaunchTemplate(
      name,
      {
        updateDefaultVersion: true,
        placement: { tenancy: "dedicated" },
        // One hop: a pod, which is two hops away, cannot ask for its node's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [volume(volumes.system, systemVolumeGib), volume(volumes.data, plan.dataVolumeGib)],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
        userData,
      },
      { parent: this },
    );
  }
}
