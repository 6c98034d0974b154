import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { forAccount, policyDocument, trustOf } from "../private-cloud/policy-document";
import { layRole } from "../private-cloud/role";
import { Endpoints } from "./endpoints";
import { NetworkAcls } from "./acls";
import { hasSubnets } from "./acls-plan";
import { Attachment } from "./attachment";
import { InternetExit } from "./internet-exit";
import { planSubnets, tiers, type OptionalTier, type SubnetPlan, type Tier } from "./network-plan";

type Tables = Record<Tier, aws.ec2.RouteTable> & Partial<Record<OptionalTier, aws.ec2.RouteTable>>;

export interface NetworkArgs {
  readonly place: Place;
  /** The VPC's own network, how the company reaches it, and a waivered way out. */
  readonly settings: PrivateCloudFootprint["network"];
  /** AWS organisation whose accounts the endpoints admit too. Default: this account alone. */
  readonly organisationId?: string;
  /** Account of the registry that GuardDuty's agent is pulled from, where the environment runs the agent. */
  readonly agentRegistry?: string;
  /** Zones of the subnets, in an order that stays. */
  readonly availabilityZones: readonly string[];
  /** Name of the log group that takes the flow logs, and for how many days. */
  readonly flowLogGroup: string;
  /** Days for which logs are kept, one of those that CloudWatch offers. */
  readonly logRetentionDays: number;
  /** Key that encrypts the logs. */
  readonly logKeyArn: pulumi.Input<string>;
}

/** A VPC without a way out: private subnets, no gateway to the internet but a waivered one, AWS services by endpoints. */
export class Network extends pulumi.ComponentResource {
  /** The VPC. */
  public readonly vpcId: pulumi.Output<string>;
  /** Subnet identifiers by tier, in the order of the zones. */
  public readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;

  public constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Network", name, {}, options);
    const { cidr, attachment, internetExit } = args.settings;
    const also: OptionalTier[] = [
      ...(hasSubnets(attachment) ? (["attachment"] as const) : []),
      ...(internetExit === undefined ? [] : (["exit"] as const)),
    ];
    const vpc = this.layVpc(name, args);
    this.vpcId = vpc.id;
    const subnets = planSubnets(cidr, args.availabilityZones, also).map((plan) =>
      this.laySubnet(name, vpc, plan, args),
    );
    const idsOf = (tier: Tier | OptionalTier) =>
      subnets.filter(({ plan }) => plan.tier === tier).map(({ subnet }) => subnet.id);
    this.subnetIds = Object.fromEntries(tiers.map((tier) => [tier, idsOf(tier)])) as Record<
      Tier,
      pulumi.Output<string>[]
    >;
    const tables = this.layRouteTables(name, vpc, subnets, [...tiers, ...also]);
    new NetworkAcls(
      `${name}-acls`,
      {
        cidr,
        attachment,
        internetExit: internetExit !== undefined,
        vpcId: vpc.id,
        defaultAclId: vpc.defaultNetworkAclId,
        subnetIds: Object.fromEntries([...tiers, ...also].map((tier) => [tier, idsOf(tier)])),
      },
      { parent: this },
    );
    this.layEndpoints(name, vpc, tables, args);
    if (attachment !== undefined) this.attach(name, attachment, vpc, idsOf("attachment"), tables, args);
    if (internetExit !== undefined) this.openExit(name, vpc, idsOf("exit"), tables);
    this.recordFlows(name, vpc, args);
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  private layEndpoints(name: string, vpc: aws.ec2.Vpc, tables: Tables, args: NetworkArgs): void {
    new Endpoints(
      `${name}-endpoints`,
      {
        place: args.place,
        organisationId: args.organisationId,
        agentRegistry: args.agentRegistry,
        vpcId: vpc.id,
        vpcCidr: args.settings.cidr,
        subnetIds: this.subnetIds,
        routeTableIds: [tables.nodes.id],
      },
      { parent: this },
    );
  }

  private attach(
    name: string,
    attachment: NetworkAttachment,
    vpc: aws.ec2.Vpc,
    subnetIds: pulumi.Output<string>[],
    tables: Tables,
    args: NetworkArgs,
  ): void {
    new Attachment(
      `${name}-attachment`,
      {
        place: args.place,
        attachment,
        vpcId: vpc.id,
        vpcCidr: args.settings.cidr,
        subnetIds,
        routeTableIds: Object.fromEntries(tiers.map((tier) => [tier, tables[tier].id])) as Record<
          Tier,
          pulumi.Output<string>
        >,
        logKeyArn: args.logKeyArn,
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this },
    );
  }

  private openExit(name: string, vpc: aws.ec2.Vpc, [subnetId]: pulumi.Output<string>[], tables: Tables): void {
    if (subnetId === undefined || tables.exit === undefined) throw new Error("the exit has no subnet");
    new InternetExit(
      `${name}-internet-exit`,
      { vpcId: vpc.id, subnetId, routeTableIds: { nodes: tables.nodes.id, exit: tables.exit.id } },
      { parent: this },
    );
  }

  private layVpc(name: string, args: NetworkArgs): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.settings.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        // EKS refuses a VPC whose own tenancy is dedicated; launch templates ask for it instead.
        instanceTenancy: "default",
        tags: { Name: prefixOf(args.place) },
      },
      { parent: this },
    );
    // Adopts the group that every VPC is born with, and takes all its rules away.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [] },
      { parent: this },
    );
    return vpc;
  }

  private laySubnet(name: string, vpc: aws.ec2.Vpc, plan: SubnetPlan, { place }: NetworkArgs) {
    const subnet = new aws.ec2.Subnet(
      `${name}-${plan.tier}-${plan.availabilityZone}`,
      {
        vpcId: vpc.id,
        availabilityZone: plan.availabilityZone,
        cidrBlock: plan.cidr,
        mapPublicIpOnLaunch: false,
        tags: {
          Name: `${prefixOf(place)}-${plan.tier}-${plan.availabilityZone}`,
          // Internal load balancers look for their subnets by this tag.
          ...(plan.tier === "nodes" ? { "kubernetes.io/role/internal-elb": "1" } : {}),
        },
      },
      { parent: this },
    );
    return { plan, subnet };
  }

  /** A table for each tier with the VPC's own route and no other: nothing in it can lead outside. */
  private layRouteTables(
    name: string,
    vpc: aws.ec2.Vpc,
    subnets: readonly { plan: SubnetPlan; subnet: aws.ec2.Subnet }[],
    wanted: readonly (Tier | OptionalTier)[],
  ): Tables {
    const tables = Object.fromEntries(
      wanted.map((tier) => [
        tier,
        new aws.ec2.RouteTable(`${name}-${tier}-routes`, { vpcId: vpc.id }, { parent: this }),
      ]),
    );
    for (const { plan, subnet } of subnets) {
      const table = tables[plan.tier];
      if (table === undefined) throw new Error(`the tier ${plan.tier} has no route table`);
      new aws.ec2.RouteTableAssociation(
        `${name}-${plan.tier}-${plan.availabilityZone}-routes`,
        { subnetId: subnet.id, routeTableId: table.id },
        { parent: this },
      );
    }
    return tables as Tables;
  }

  private recordFlows(name: string, vpc: aws.ec2.Vpc, args: NetworkArgs): void {
    const { place } = args;
    const group = new aws.cloudwatch.LogGroup(
      `${name}-flow-logs`,
      { name: args.flowLogGroup, kmsKeyId: args.logKeyArn, retentionInDays: args.logRetentionDays },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const role = layRole(
      `${name}-flow-log-role`,
      {
        name: `${prefixOf(place)}-flow-logs`,
        description: "Writes the VPC's flow logs",
        trust: trustOf("vpc-flow-logs.amazonaws.com", forAccount(place.account)),
        own: {
          "write-flow-logs": policyDocument([
            {
              Sid: "Write",
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: `${arnOf.logGroup(place, args.flowLogGroup)}:*`,
            },
            { Sid: "Find", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
          ]),
        },
      },
      this,
    );
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
      },
      { parent: this, dependsOn: role.rights },
    );
  }
}
