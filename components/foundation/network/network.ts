import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { forAccount, policyDocument, trustOf } from "../private-cloud/policy-document";
import { layRole } from "../private-cloud/role";
import { Endpoints } from "./endpoints";
import { planSubnets, tiers, type SubnetPlan, type Tier } from "./network-plan";

export interface NetworkArgs {
  readonly place: Place;
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  /** Name of the log group that takes the flow logs, and for how many days. */
  readonly flowLogGroup: string;
  readonly logRetentionDays: number;
  readonly logKeyArn: pulumi.Input<string>;
}

/** A VPC without a way out: private subnets, no gateway to the internet, AWS services by endpoints alone. */
export class Network extends pulumi.ComponentResource {
  /** Subnet identifiers by tier, in the order of the zones. */
  public readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;

  public constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Network", name, {}, options);
    const vpc = this.layVpc(name, args);
    const subnets = planSubnets(args.cidr, args.availabilityZones).map((plan) => this.laySubnet(name, vpc, plan, args));
    this.subnetIds = Object.fromEntries(
      tiers.map((tier) => [tier, subnets.filter(({ plan }) => plan.tier === tier).map(({ subnet }) => subnet.id)]),
    ) as Record<Tier, pulumi.Output<string>[]>;
    const tables = this.layRouteTables(name, vpc, subnets);
    new Endpoints(
      `${name}-endpoints`,
      {
        place: args.place,
        vpcId: vpc.id,
        vpcCidr: args.cidr,
        subnetIds: this.subnetIds.endpoints,
        routeTableIds: [tables.nodes.id],
      },
      { parent: this },
    );
    this.recordFlows(name, vpc, args);
    this.registerOutputs({ subnetIds: this.subnetIds });
  }

  private layVpc(name: string, args: NetworkArgs): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.cidr,
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
  ): Record<Tier, aws.ec2.RouteTable> {
    const tables = Object.fromEntries(
      tiers.map((tier) => [
        tier,
        new aws.ec2.RouteTable(`${name}-${tier}-routes`, { vpcId: vpc.id }, { parent: this }),
      ]),
    ) as Record<Tier, aws.ec2.RouteTable>;
    for (const { plan, subnet } of subnets) {
      new aws.ec2.RouteTableAssociation(
        `${name}-${plan.tier}-${plan.availabilityZone}-routes`,
        { subnetId: subnet.id, routeTableId: tables[plan.tier].id },
        { parent: this },
      );
    }
    return tables;
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
