import type { CheckFailure, Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { shown } from "../../schema-check";
import { arnOf, derivedId, exactlyOne, newId, text, under } from "../definition";
import type { Definitions, Resource } from "../definition";
import { arn, cidr4, cidr6, identifier, matching, oneOf, policy } from "../rules";

const owned = (kind: string) => (resource: Resource) => ({
  arn: arnOf(resource, "ec2", `${kind}/${resource.id}`),
  ownerId: resource.scope.account,
});

const vpcId = { vpcId: identifier("vpc") };
const zone = matching(/^[a-z]{2,4}(-[a-z]+)+-\d+[a-z]$/, "an availability zone, such as eu-central-1a");

const targets = [
  ...["carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId"],
  ...["networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"],
];

function routeFailures(routes: Json | undefined): CheckFailure[] {
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((route, index) => {
    if (!isObject(route)) return [];
    return under(`routes[${index}]`, [
      ...exactlyOne(route, "cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"),
      ...exactlyOne(route, ...targets),
    ]);
  });
}

const gatewayServices = /\.(s3|dynamodb)$/;

function endpointFailures(inputs: Properties): CheckFailure[] {
  const type = inputs.vpcEndpointType ?? "Gateway";
  const failures = exactlyOne(inputs, "serviceName", "resourceConfigurationArn", "serviceNetworkArn");
  const misplaced =
    type === "Gateway"
      ? ["subnetIds", "securityGroupIds", "privateDnsEnabled"]
      : type === "Interface"
        ? ["routeTableIds"]
        : [];
  for (const property of misplaced.filter((name) => inputs[name] !== undefined && inputs[name] !== false)) {
    failures.push({
      property,
      reason: `an endpoint of type ${shown(type)} takes none; change vpcEndpointType or remove it`,
    });
  }
  if (type === "Gateway" && inputs.serviceName !== undefined && !gatewayServices.test(text(inputs, "serviceName"))) {
    const reason = `found "Gateway" for ${text(inputs, "serviceName")}: only s3 and dynamodb have gateway endpoints; use Interface`;
    failures.push({ property: "vpcEndpointType", reason });
  }
  return failures;
}

export const networkKinds: Definitions = {
  "aws:ec2/vpc:Vpc": {
    defaults: {
      assignGeneratedIpv6CidrBlock: false,
      enableDnsHostnames: false,
      enableDnsSupport: true,
      instanceTenancy: "default",
    },
    replaceOn: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    rules: { cidrBlock: cidr4(16, 28), ipv6CidrBlock: cidr6, instanceTenancy: oneOf("default", "dedicated") },
    alsoCheck: (inputs) => exactlyOne(inputs, "cidrBlock", "ipv4IpamPoolId"),
    id: newId("vpc"),
    outputs: (resource) => ({
      ...owned("vpc")(resource),
      defaultNetworkAclId: derivedId("acl", resource.id),
      defaultRouteTableId: derivedId("rtb", resource.id),
      defaultSecurityGroupId: derivedId("sg", resource.id),
      mainRouteTableId: derivedId("rtb", resource.id),
    }),
  },
  "aws:ec2/subnet:Subnet": {
    defaults: { assignIpv6AddressOnCreation: false, mapPublicIpOnLaunch: false },
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"],
    rules: { ...vpcId, cidrBlock: cidr4(16, 28), ipv6CidrBlock: cidr6, availabilityZone: zone },
    alsoCheck: (inputs) =>
      inputs.availabilityZone !== undefined && inputs.availabilityZoneId !== undefined
        ? exactlyOne(inputs, "availabilityZone", "availabilityZoneId")
        : [],
    id: newId("subnet"),
    outputs: owned("subnet"),
  },
  "aws:ec2/routeTable:RouteTable": {
    replaceOn: ["vpcId"],
    rules: { ...vpcId, "routes[*].cidrBlock": cidr4(), "routes[*].ipv6CidrBlock": cidr6 },
    alsoCheck: (inputs) => routeFailures(inputs.routes),
    id: newId("rtb"),
    outputs: owned("route-table"),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    replaceOn: ["subnetId", "gatewayId"],
    rules: { routeTableId: identifier("rtb"), subnetId: identifier("subnet") },
    alsoCheck: (inputs) => exactlyOne(inputs, "subnetId", "gatewayId"),
    id: newId("rtbassoc"),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    defaults: { vpcEndpointType: "Gateway" },
    replaceOn: [
      ...["vpcId", "serviceName", "serviceRegion", "vpcEndpointType"],
      ...["resourceConfigurationArn", "serviceNetworkArn"],
    ],
    rules: {
      ...vpcId,
      serviceName: matching(
        /^(cn\.)?com\.amazonaws\.[a-z0-9.-]+$|^aws\.[a-z0-9.-]+$/,
        "a service such as com.amazonaws.eu-central-1.s3",
      ),
      vpcEndpointType: oneOf("Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
      ipAddressType: oneOf("ipv4", "dualstack", "ipv6"),
      policy,
      "subnetIds[*]": identifier("subnet"),
      "securityGroupIds[*]": identifier("sg"),
      "routeTableIds[*]": identifier("rtb"),
    },
    alsoCheck: endpointFailures,
    id: newId("vpce"),
    outputs: (resource) => {
      const subnets = Array.isArray(resource.inputs.subnetIds) ? resource.inputs.subnetIds : [];
      return {
        ...owned("vpc-endpoint")(resource),
        state: "available",
        requesterManaged: false,
        networkInterfaceIds: subnets.map((subnet) => derivedId("eni", `${resource.id} ${shown(subnet)}`)),
        ...(resource.inputs.vpcEndpointType === "Gateway" && { prefixListId: derivedId("pl", resource.scope.region) }),
      };
    },
  },
  "aws:ec2/flowLog:FlowLog": {
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    replaceOn: [
      ...["vpcId", "subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId", "regionalNatGatewayId"],
      ...["trafficType", "logDestinationType", "logDestination", "logFormat", "iamRoleArn", "deliverCrossAccountRole"],
      ...["maxAggregationInterval", "destinationOptions"],
    ],
    rules: {
      ...vpcId,
      trafficType: oneOf("ACCEPT", "REJECT", "ALL"),
      logDestinationType: oneOf("cloud-watch-logs", "s3", "kinesis-data-firehose"),
      logDestination: arn(),
      iamRoleArn: arn("iam"),
      maxAggregationInterval: oneOf(60, 600),
      "destinationOptions.fileFormat": oneOf("plain-text", "parquet"),
    },
    alsoCheck: (inputs) => [
      ...exactlyOne(
        inputs,
        "vpcId",
        "subnetId",
        "eniId",
        "transitGatewayId",
        "transitGatewayAttachmentId",
        "regionalNatGatewayId",
      ),
      ...(inputs.logDestinationType === "cloud-watch-logs" && inputs.iamRoleArn === undefined
        ? [{ property: "iamRoleArn", reason: "found nothing: delivery to cloud-watch-logs needs a role" }]
        : []),
      ...(inputs.logDestination === undefined
        ? [{ property: "logDestination", reason: "found nothing: give the ARN of the log group or bucket" }]
        : []),
    ],
    id: newId("fl"),
    outputs: (resource) => ({ arn: arnOf(resource, "ec2", `vpc-flow-log/${resource.id}`) }),
  },
};
