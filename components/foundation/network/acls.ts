import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { planAcls, type AclRule, type AclsArgs } from "./acls-plan";
import type { OptionalTier, Tier } from "./network-plan";

export interface NetworkAclsArgs extends AclsArgs {
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** The list that every VPC is born with. */
  readonly defaultAclId: pulumi.Input<string>;
  /** Subnets by tier. */
  readonly subnetIds: Readonly<Partial<Record<Tier | OptionalTier, pulumi.Input<string>[]>>>;
}

/** A second fence around each tier's subnets, which holds even where a security group was opened by mistake. */
export class NetworkAcls extends pulumi.ComponentResource {
  public constructor(name: string, args: NetworkAclsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:NetworkAcls", name, {}, options);
    const parent = { parent: this };
    // Adopts the list that every VPC is born with and takes its rules away: a subnet that nobody listed passes nothing.
    new aws.ec2.DefaultNetworkAcl(
      `${name}-default`,
      { defaultNetworkAclId: args.defaultAclId },
      {
        ...parent,
        // EC2 puts subnets back on it while others are made or removed.
        ignoreChanges: ["subnetIds"],
      },
    );
    for (const { tier, ingress, egress } of planAcls(args)) {
      new aws.ec2.NetworkAcl(
        `${name}-${tier}`,
        {
          vpcId: args.vpcId,
          subnetIds: args.subnetIds[tier] ?? [],
          ingress: numbered(ingress),
          egress: numbered(egress),
          tags: { Name: tier },
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

/** By tens, as AWS advises, so that a person in need can put a rule between two. */
const numbered = (rules: readonly AclRule[]) =>
  rules.map((rule, index) => ({ ...rule, action: "allow", ruleNo: 100 + 10 * index }));
