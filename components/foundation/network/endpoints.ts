import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { interfaceServices, planEndpoints, tierOf } from "./endpoints-plan";

export interface EndpointsArgs {
  readonly place: Place;
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's network. */
  readonly vpcCidr: string;
  /** Subnets that hold the endpoints' addresses; the object store has its own, because network policies name it. */
  readonly subnetIds: Readonly<Record<"endpoints" | "store", pulumi.Input<string>[]>>;
  /** AWS organisation whose accounts the endpoints admit too. Default: this account alone. */
  readonly organisationId?: string;
  /** Account of the registry that GuardDuty's agent is pulled from. */
  readonly agentRegistry?: string;
  /** Route tables of the nodes, which get the gateway to S3. */
  readonly routeTableIds: pulumi.Input<string>[];
}

/** The only ways out of the VPC: AWS services, by private addresses, for this account's identities and resources. */
export class Endpoints extends pulumi.ComponentResource {
  public constructor(name: string, args: EndpointsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Endpoints", name, {}, options);
    const parent = { parent: this };
    const plans = planEndpoints(args.place, args);
    const group = this.admitHttps(name, args);
    const gateway = new aws.ec2.VpcEndpoint(
      `${name}-s3-gateway`,
      {
        vpcId: args.vpcId,
        vpcEndpointType: "Gateway",
        serviceName: plans.s3.serviceName,
        routeTableIds: args.routeTableIds,
        policy: plans.s3.policy,
      },
      parent,
    );
    for (const service of interfaceServices) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replace(".", "-")}`,
        {
          vpcId: args.vpcId,
          vpcEndpointType: "Interface",
          serviceName: plans[service].serviceName,
          subnetIds: args.subnetIds[tierOf(service)],
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          // The default answers only resolvers outside the VPC; pods must get private addresses too, because network
          // policies admit them to these subnets and to nothing else.
          ...(service === "s3" ? { dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false } } : {}),
          policy: plans[service].policy,
        },
        // EC2 may ask for the gateway to exist before it gives S3 a private name.
        service === "s3" ? { parent: this, dependsOn: [gateway] } : parent,
      );
    }
    this.registerOutputs({});
  }

  private admitHttps(name: string, args: EndpointsArgs): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId: args.vpcId, description: "Endpoints: HTTPS from inside the VPC" },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-https`,
      {
        securityGroupId: group.id,
        cidrIpv4: args.vpcCidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS from inside the VPC",
      },
      { parent: this },
    );
    return group;
  }
}
