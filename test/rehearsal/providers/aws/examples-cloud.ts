import type { Properties } from "../../../../rehearsal/providers/provider";

const vpcId = "vpc-0123456789abcdef0";
const routeTableId = "rtb-0123456789abcdef0";
const subnetId = "subnet-0123456789abcdef0";
const clientVpnEndpointId = "cvpn-endpoint-0123456789abcdef0";
const rule = { action: "allow", protocol: "tcp", ruleNo: 100, cidrBlock: "10.0.0.0/16", fromPort: 443, toPort: 443 };

/** Inputs of the ways between a VPC and other networks, and of what guards its subnets. */
export const cloudExamples: Readonly<Record<string, Properties>> = {
  "aws:directconnect/gatewayAssociation:GatewayAssociation": {
    dxGatewayId: "01234567-0123-4567-89ab-0123456789ab",
    associatedGatewayId: "vgw-0123456789abcdef0",
    allowedPrefixes: ["10.0.0.0/16"],
  },
  "aws:ec2/eip:Eip": { domain: "vpc" },
  "aws:ec2/internetGateway:InternetGateway": { vpcId },
  "aws:ec2/natGateway:NatGateway": { subnetId, allocationId: "eipalloc-0123456789abcdef0" },
  "aws:ec2/networkAcl:NetworkAcl": { vpcId, subnetIds: [subnetId], ingress: [rule], egress: [rule] },
  "aws:ec2/route:Route": {
    routeTableId,
    destinationCidrBlock: "10.9.0.0/16",
    transitGatewayId: "tgw-0123456789abcdef0",
  },
  "aws:ec2/vpnGateway:VpnGateway": { vpcId },
  "aws:ec2clientvpn/authorizationRule:AuthorizationRule": {
    clientVpnEndpointId,
    targetNetworkCidr: "10.0.0.0/16",
    accessGroupId: "operators",
  },
  "aws:ec2clientvpn/endpoint:Endpoint": {
    vpcId,
    clientCidrBlock: "10.9.0.0/22",
    serverCertificateArn: "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-0000-0000-000000000000",
    authenticationOptions: [
      { type: "federated-authentication", samlProviderArn: "arn:aws:iam::000000000000:saml-provider/company" },
    ],
    connectionLogOptions: { enabled: true, cloudwatchLogGroup: "/cloister/client-vpn" },
    sessionTimeoutHours: 8,
    splitTunnel: true,
  },
  "aws:ec2clientvpn/networkAssociation:NetworkAssociation": { clientVpnEndpointId, subnetId },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
    vpcId,
    transitGatewayId: "tgw-0123456789abcdef0",
    subnetIds: [subnetId],
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": { awsServiceName: "autoscaling.amazonaws.com" },
};
