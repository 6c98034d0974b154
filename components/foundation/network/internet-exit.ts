import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface InternetExitArgs {
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** The subnet of the exit alone; nothing else stands in it. */
  readonly subnetId: pulumi.Input<string>;
  /** Route tables from which the way out is taken, by tier. */
  readonly routeTableIds: {
    /** Of the nodes, which learn the way out. */
    readonly nodes: pulumi.Input<string>;
    /** Of the subnet in which the NAT gateway stands. */
    readonly exit: pulumi.Input<string>;
  };
}

/**
 * A way out to the internet, which an environment has only while a waiver for it runs. NET-05 reports every part of it as
 * failing, critically: the gate stops until its own waivers say otherwise.
 */
export class InternetExit extends pulumi.ComponentResource {
  public constructor(name: string, args: InternetExitArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:InternetExit", name, {}, options);
    const parent = { parent: this };
    const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId: args.vpcId }, parent);
    const address = new aws.ec2.Eip(`${name}-address`, { domain: "vpc" }, { parent: this, dependsOn: [gateway] });
    const nat = new aws.ec2.NatGateway(
      `${name}-nat`,
      { subnetId: args.subnetId, allocationId: address.id },
      { parent: this, dependsOn: [gateway] },
    );
    const anywhere = "0.0.0.0/0";
    new aws.ec2.Route(
      `${name}-outward`,
      { routeTableId: args.routeTableIds.exit, destinationCidrBlock: anywhere, gatewayId: gateway.id },
      parent,
    );
    new aws.ec2.Route(
      `${name}-nodes`,
      { routeTableId: args.routeTableIds.nodes, destinationCidrBlock: anywhere, natGatewayId: nat.id },
      parent,
    );
    this.registerOutputs({});
  }
}
