import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import type { Place } from "../private-cloud/place";
import { answeringTiers, planVpnGrants, resolverOf, vpnLogGroup } from "./attachment-plan";
import type { Tier } from "./network-plan";

export interface AttachmentArgs {
  readonly place: Place;
  /** How the company reaches the VPC. */
  readonly attachment: NetworkAttachment;
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's network. */
  readonly vpcCidr: string;
  /** Subnets of the attachment's own tier; empty where it needs none. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Route tables by tier, which learn the ways back to the company. */
  readonly routeTableIds: Readonly<Record<Tier, pulumi.Input<string>>>;
  /** Key that encrypts the logs. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Days for which logs are kept, one of those that CloudWatch offers. */
  readonly logRetentionDays: number;
}

type Of<Kind extends NetworkAttachment["kind"]> = NetworkAttachment & { readonly kind: Kind };

/** How the company reaches the VPC. Routes lead to the company's declared networks and to nothing else. */
export class Attachment extends pulumi.ComponentResource {
  public constructor(name: string, args: AttachmentArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Attachment", name, {}, options);
    const { attachment } = args;
    if (attachment.kind === "transit-gateway") this.joinTransitGateway(name, attachment, args);
    else if (attachment.kind === "direct-connect") this.joinDirectConnect(name, attachment, args);
    else this.openClientVpn(name, attachment, args);
    this.registerOutputs({});
  }

  private joinTransitGateway(name: string, attachment: Of<"transit-gateway">, args: AttachmentArgs): void {
    const joined = new aws.ec2transitgateway.VpcAttachment(
      `${name}-transit-gateway`,
      {
        transitGatewayId: attachment.transitGateway,
        vpcId: args.vpcId,
        subnetIds: args.subnetIds,
        // The network's owners say to whom this VPC is shown: nothing is announced by default.
        transitGatewayDefaultRouteTableAssociation: false,
        transitGatewayDefaultRouteTablePropagation: false,
      },
      { parent: this },
    );
    this.routeBack(name, attachment.companyCidrs, { transitGatewayId: attachment.transitGateway }, args, [joined]);
  }

  private joinDirectConnect(name: string, attachment: Of<"direct-connect">, args: AttachmentArgs): void {
    const gateway = new aws.ec2.VpnGateway(`${name}-gateway`, { vpcId: args.vpcId }, { parent: this });
    const joined = new aws.directconnect.GatewayAssociation(
      `${name}-direct-connect`,
      {
        dxGatewayId: attachment.directConnectGateway,
        associatedGatewayId: gateway.id,
        allowedPrefixes: [args.vpcCidr],
      },
      { parent: this },
    );
    this.routeBack(name, attachment.companyCidrs, { gatewayId: gateway.id }, args, [joined]);
  }

  /** Fixed routes: a propagated one could be a default route that somebody announces elsewhere. */
  private routeBack(
    name: string,
    companyCidrs: readonly string[],
    target: { readonly transitGatewayId: string } | { readonly gatewayId: pulumi.Input<string> },
    args: AttachmentArgs,
    dependsOn: pulumi.Resource[],
  ): void {
    for (const tier of answeringTiers(args.attachment)) {
      for (const destinationCidrBlock of companyCidrs) {
        new aws.ec2.Route(
          `${name}-${tier}-${destinationCidrBlock.replace("/", "-")}`,
          { routeTableId: args.routeTableIds[tier], destinationCidrBlock, ...target },
          { parent: this, dependsOn },
        );
      }
    }
  }

  private openClientVpn(name: string, attachment: Of<"client-vpn">, args: AttachmentArgs): void {
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-connections`,
      { name: vpnLogGroup(args.place), kmsKeyId: args.logKeyArn, retentionInDays: args.logRetentionDays },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId: args.vpcId, description: "Client VPN: HTTPS into the VPC" },
      parent,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-https`,
      {
        securityGroupId: group.id,
        cidrIpv4: args.vpcCidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS into the VPC",
      },
      parent,
    );
    const endpoint = new aws.ec2clientvpn.Endpoint(
      `${name}-client-vpn`,
      {
        description: "How people reach the VPC",
        vpcId: args.vpcId,
        securityGroupIds: [group.id],
        clientCidrBlock: attachment.clientCidr,
        serverCertificateArn: attachment.certificate,
        authenticationOptions: [{ type: "federated-authentication", samlProviderArn: attachment.samlProvider }],
        connectionLogOptions: { enabled: true, cloudwatchLogGroup: logs.name },
        dnsServers: [resolverOf(args.vpcCidr)],
        // Only what is for the VPC goes through it: it is no way to the internet.
        splitTunnel: true,
        // The shortest that AWS offers; then a person signs in again.
        sessionTimeoutHours: 8,
        disconnectOnSessionTimeout: true,
        selfServicePortal: "disabled",
      },
      parent,
    );
    const joined = args.subnetIds.map(
      (subnetId, index) =>
        new aws.ec2clientvpn.NetworkAssociation(
          `${name}-subnet-${index + 1}`,
          { clientVpnEndpointId: endpoint.id, subnetId },
          parent,
        ),
    );
    for (const { suffix, group: accessGroupId, targetNetworkCidr } of planVpnGrants(args.vpcCidr, attachment)) {
      new aws.ec2clientvpn.AuthorizationRule(
        `${name}-${suffix}`,
        { clientVpnEndpointId: endpoint.id, accessGroupId, targetNetworkCidr },
        { parent: this, dependsOn: joined },
      );
    }
  }
}
