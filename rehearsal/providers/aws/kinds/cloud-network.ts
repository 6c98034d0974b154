import type { CheckFailure, Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { arnOf, exactlyOne, newId, text } from "../definition";
import type { Definitions, Resource } from "../definition";
import { arn, between, cidr4, identifier, matching, oneOf } from "../rules";

const owned = (kind: string) => (resource: Resource) => ({
  arn: arnOf(resource, "ec2", `${kind}/${resource.id}`),
  ownerId: resource.scope.account,
});
const vpcId = { vpcId: identifier("vpc") };
const port = between(0, 65535);
const onOff = oneOf("enable", "disable");

/** Two rules of one direction may not share a number, and `-1` has no ports. */
function aclFailures(inputs: Properties): CheckFailure[] {
  return (["ingress", "egress"] as const).flatMap((list) => {
    const rules = (Array.isArray(inputs[list]) ? inputs[list] : []).filter(isObject);
    const numbers = rules.map((rule) => rule.ruleNo as Json);
    return rules.flatMap((rule, index): CheckFailure[] => {
      const at = `${list}[${index}]`;
      const failures: CheckFailure[] = [];
      if (numbers.indexOf(rule.ruleNo as Json) !== index) {
        failures.push({ property: `${at}.ruleNo`, reason: "a rule of this number is there already" });
      }
      if (Number(rule.fromPort) > Number(rule.toPort)) {
        failures.push({ property: `${at}.fromPort`, reason: "must not be above toPort" });
      }
      return failures;
    });
  });
}

const aclRules = Object.fromEntries(
  ["ingress", "egress"].flatMap((list) => [
    [`${list}[*].action`, oneOf("allow", "deny")],
    [`${list}[*].protocol`, matching(/^(-1|tcp|udp|icmp|\d{1,3})$/, "tcp, udp, icmp, -1 or a protocol number")],
    [`${list}[*].cidrBlock`, cidr4()],
    [`${list}[*].ruleNo`, between(1, 32766)],
    [`${list}[*].fromPort`, port],
    [`${list}[*].toPort`, port],
  ]),
);

const routeTargets = [
  ...["gatewayId", "natGatewayId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId", "networkInterfaceId"],
  ...["carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "localGatewayId", "odbNetworkArn"],
];

/** Ways between the VPC and other networks, and what guards its subnets. */
export const cloudNetworkKinds: Definitions = {
  "aws:ec2/networkAcl:NetworkAcl": {
    replaceOn: ["vpcId"],
    rules: { ...vpcId, "subnetIds[*]": identifier("subnet"), ...aclRules },
    alsoCheck: aclFailures,
    id: newId("acl"),
    outputs: owned("network-acl"),
  },
  "aws:ec2/route:Route": {
    replaceOn: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
    rules: {
      routeTableId: identifier("rtb"),
      destinationCidrBlock: cidr4(),
      gatewayId: matching(/^(igw|vgw)-([0-9a-f]{8}|[0-9a-f]{17})$/, "an internet gateway or a virtual private gateway"),
      natGatewayId: identifier("nat"),
      transitGatewayId: identifier("tgw"),
    },
    alsoCheck: (inputs) => [
      ...exactlyOne(inputs, "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
      ...exactlyOne(inputs, ...routeTargets),
    ],
    id: ({ inputs, digits }) => `r-${text(inputs, "routeTableId")}${digits(10)}`,
    outputs: () => ({ origin: "CreateRoute", state: "active" }),
  },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
    defaults: { applianceModeSupport: "disable", dnsSupport: "enable", ipv6Support: "disable" },
    replaceOn: ["vpcId", "transitGatewayId"],
    rules: {
      ...vpcId,
      transitGatewayId: identifier("tgw"),
      "subnetIds[*]": identifier("subnet"),
      applianceModeSupport: onOff,
      dnsSupport: onOff,
      ipv6Support: onOff,
      securityGroupReferencingSupport: onOff,
    },
    id: newId("tgw-attach"),
    outputs: (resource) => ({
      arn: arnOf(resource, "ec2", `transit-gateway-attachment/${resource.id}`),
      vpcOwnerId: resource.scope.account,
    }),
  },
  "aws:ec2/vpnGateway:VpnGateway": {
    replaceOn: ["availabilityZone", "amazonSideAsn"],
    rules: vpcId,
    id: newId("vgw"),
    outputs: (resource) => ({ arn: arnOf(resource, "ec2", `vpn-gateway/${resource.id}`) }),
  },
  "aws:directconnect/gatewayAssociation:GatewayAssociation": {
    replaceOn: ["dxGatewayId", "associatedGatewayId", "associatedGatewayOwnerAccountId", "proposalId"],
    rules: {
      dxGatewayId: matching(
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        "the identifier of a Direct Connect gateway",
      ),
      associatedGatewayId: matching(/^(vgw|tgw)-[0-9a-f]{8,17}$/, "a virtual private or transit gateway"),
      "allowedPrefixes[*]": cidr4(),
    },
    id: ({ digits }) => digits(32),
    outputs: (resource) => ({
      associatedGatewayOwnerAccountId: resource.scope.account,
      associatedGatewayType: "virtualPrivateGateway",
      dxGatewayAssociationId: resource.id,
      dxGatewayOwnerAccountId: resource.scope.account,
    }),
  },
  "aws:ec2clientvpn/endpoint:Endpoint": {
    defaults: { splitTunnel: false, transportProtocol: "udp", vpnPort: 443 },
    replaceOn: ["authenticationOptions", "clientCidrBlock", "transportProtocol"],
    rules: {
      ...vpcId,
      clientCidrBlock: cidr4(12, 22),
      serverCertificateArn: arn("acm"),
      "authenticationOptions[*].type": oneOf(
        "certificate-authentication",
        "directory-service-authentication",
        "federated-authentication",
      ),
      "authenticationOptions[*].samlProviderArn": arn("iam"),
      "securityGroupIds[*]": identifier("sg"),
      sessionTimeoutHours: oneOf(8, 10, 12, 24),
      transportProtocol: oneOf("tcp", "udp"),
      vpnPort: oneOf(443, 1194),
    },
    id: newId("cvpn-endpoint"),
    outputs: (resource) => ({
      arn: arnOf(resource, "ec2", `client-vpn-endpoint/${resource.id}`),
      dnsName: `*.${resource.id}.prod.clientvpn.${resource.scope.region}.${resource.scope.dnsSuffix}`,
    }),
  },
  "aws:ec2clientvpn/networkAssociation:NetworkAssociation": {
    replaceOn: ["clientVpnEndpointId", "subnetId"],
    rules: { clientVpnEndpointId: identifier("cvpn-endpoint"), subnetId: identifier("subnet") },
    id: newId("cvpn-assoc"),
    outputs: (resource) => ({ associationId: resource.id }),
  },
  "aws:ec2clientvpn/authorizationRule:AuthorizationRule": {
    replaceOn: ["clientVpnEndpointId", "targetNetworkCidr", "accessGroupId", "authorizeAllGroups", "description"],
    rules: { clientVpnEndpointId: identifier("cvpn-endpoint"), targetNetworkCidr: cidr4() },
    alsoCheck: (inputs) => exactlyOne(inputs, "accessGroupId", "authorizeAllGroups"),
    id: ({ inputs }) =>
      [text(inputs, "clientVpnEndpointId"), text(inputs, "targetNetworkCidr"), text(inputs, "accessGroupId")].join(","),
  },
  "aws:ec2/internetGateway:InternetGateway": { rules: vpcId, id: newId("igw"), outputs: owned("internet-gateway") },
  "aws:ec2/eip:Eip": {
    replaceOn: ["domain", "networkBorderGroup", "publicIpv4Pool"],
    rules: { domain: oneOf("vpc") },
    id: newId("eipalloc"),
    outputs: (resource) => ({
      allocationId: resource.id,
      arn: arnOf(resource, "ec2", `elastic-ip/${resource.id}`),
      // An address of the range that documentation may use: nobody's.
      publicIp: `203.0.113.${parseInt(resource.digits(2), 16)}`,
    }),
  },
  "aws:ec2/natGateway:NatGateway": {
    defaults: { connectivityType: "public" },
    replaceOn: ["subnetId", "allocationId", "connectivityType"],
    rules: {
      subnetId: identifier("subnet"),
      allocationId: identifier("eipalloc"),
      connectivityType: oneOf("public", "private"),
    },
    id: newId("nat"),
  },
};
