import type { Json, Properties } from "../../provider";
import { text } from "../definition";
import type { Asking, Requests } from "./asked-kind";
import { filtered, retag, specification } from "./ec2";
import { at, capitals, firstAt, given, listAt, tagsOf, textAt } from "./wire";

const flags = { enableDnsSupport: "EnableDnsSupport", enableDnsHostnames: "EnableDnsHostnames" } as const;

async function vpcFlags({ ask, id }: Asking): Promise<Properties> {
  const entries = Object.entries(flags).map(async ([property, Attribute]) => {
    const answer = await ask("ec2", "DescribeVpcAttribute", { VpcId: id, Attribute: property });
    return [property, at(answer, `${Attribute}.Value`) as Json];
  });
  return Object.fromEntries(await Promise.all(entries)) as Properties;
}

/** What a network is born with: its own group, access list and table. */
async function bornWith({ ask, id }: Asking): Promise<Properties> {
  const [groups, lists, tables] = await Promise.all([
    ask("ec2", "DescribeSecurityGroups", {
      Filters: [
        { Name: "vpc-id", Values: [id] },
        { Name: "group-name", Values: ["default"] },
      ],
    }),
    ask("ec2", "DescribeNetworkAcls", {
      Filters: [
        { Name: "vpc-id", Values: [id] },
        { Name: "default", Values: ["true"] },
      ],
    }),
    ask("ec2", "DescribeRouteTables", {
      Filters: [
        { Name: "vpc-id", Values: [id] },
        { Name: "association.main", Values: ["true"] },
      ],
    }),
  ]);
  const table = textAt(tables, "RouteTables[0].RouteTableId");
  return {
    defaultSecurityGroupId: textAt(groups, "SecurityGroups[0].GroupId"),
    defaultNetworkAclId: textAt(lists, "NetworkAcls[0].NetworkAclId"),
    defaultRouteTableId: table,
    mainRouteTableId: table,
  };
}

const vpc: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateVpc", {
        CidrBlock: text(it.inputs, "cidrBlock"),
        InstanceTenancy: it.inputs.instanceTenancy,
        ...specification(it, "vpc"),
      }),
      "Vpc.VpcId",
    ),
  put: async (it) => {
    for (const [property, attribute] of Object.entries(flags)) {
      await it.ask("ec2", "ModifyVpcAttribute", { VpcId: it.id, [attribute]: { Value: it.inputs[property] } });
    }
    await retag(it);
  },
  look: async (it) => {
    const found = firstAt(await it.ask("ec2", "DescribeVpcs", { VpcIds: [it.id] }), "Vpcs");
    if (!found) return undefined;
    return {
      cidrBlock: found.CidrBlock,
      instanceTenancy: found.InstanceTenancy,
      ...(await vpcFlags(it)),
      ...(await bornWith(it)),
      dhcpOptionsId: found.DhcpOptionsId,
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteVpc", { VpcId: id })),
};

const subnet: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateSubnet", {
        VpcId: it.inputs.vpcId,
        CidrBlock: it.inputs.cidrBlock,
        ...capitalsOf(it.inputs, "availabilityZone", "availabilityZoneId"),
        ...specification(it, "subnet"),
      }),
      "Subnet.SubnetId",
    ),
  put: async (it) => {
    const Value = it.inputs.mapPublicIpOnLaunch ?? false;
    await it.ask("ec2", "ModifySubnetAttribute", { SubnetId: it.id, MapPublicIpOnLaunch: { Value } });
    await retag(it);
  },
  look: async (it) => {
    const found = firstAt(await it.ask("ec2", "DescribeSubnets", { SubnetIds: [it.id] }), "Subnets");
    return (
      found && {
        vpcId: found.VpcId,
        cidrBlock: found.CidrBlock,
        ...(it.inputs.availabilityZone !== undefined && { availabilityZone: found.AvailabilityZone }),
        mapPublicIpOnLaunch: found.MapPublicIpOnLaunch,
        tags: tagsOf(listAt(found, "Tags")),
      }
    );
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteSubnet", { SubnetId: id })),
};

const routeTable: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateRouteTable", { VpcId: it.inputs.vpcId, ...specification(it, "route-table") }),
      "RouteTable.RouteTableId",
    ),
  put: retag,
  look: async (it) => {
    const found = firstAt(await it.ask("ec2", "DescribeRouteTables", { RouteTableIds: [it.id] }), "RouteTables");
    return found && { vpcId: found.VpcId, tags: tagsOf(listAt(found, "Tags")) };
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteRouteTable", { RouteTableId: id })),
};

const association: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "AssociateRouteTable", {
        RouteTableId: it.inputs.routeTableId,
        ...capitalsOf(it.inputs, "subnetId", "gatewayId"),
      }),
      "AssociationId",
    ),
  put: async (it) => {
    // The identifier would change with the table: the official provider keeps the first one too, in its state.
    if (!it.before || it.before.routeTableId === it.inputs.routeTableId) return;
    const { id: AssociationId } = it;
    await it.ask("ec2", "ReplaceRouteTableAssociation", { AssociationId, RouteTableId: it.inputs.routeTableId });
  },
  look: async (it) => {
    const filter = filtered("association.route-table-association-id", it.id);
    const table = firstAt(await it.ask("ec2", "DescribeRouteTables", filter), "RouteTables");
    const found = listAt(table, "Associations").find((one) => one.RouteTableAssociationId === it.id);
    return found && { routeTableId: found.RouteTableId, subnetId: found.SubnetId, gatewayId: found.GatewayId };
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DisassociateRouteTable", { AssociationId: id })),
};

const endpoint: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateVpcEndpoint", {
        VpcId: it.inputs.vpcId,
        ServiceName: it.inputs.serviceName,
        VpcEndpointType: it.inputs.vpcEndpointType,
        ...(it.inputs.policy !== undefined && { PolicyDocument: it.inputs.policy }),
        ...capitalsOf(it.inputs, "routeTableIds", "subnetIds", "securityGroupIds", "privateDnsEnabled", "dnsOptions"),
        ...specification(it, "vpc-endpoint"),
      }),
      "VpcEndpoint.VpcEndpointId",
    ),
  put: async (it) => {
    if (!it.before) return;
    const changed = (name: string, add: string, remove: string) => {
      const [olds, news] = [it.before?.[name], it.inputs[name]].map((value) => (Array.isArray(value) ? value : []));
      const added = news!.filter((item) => !olds!.includes(item));
      const gone = olds!.filter((item) => !news!.includes(item));
      return { ...(added.length && { [add]: added }), ...(gone.length && { [remove]: gone }) };
    };
    await it.ask("ec2", "ModifyVpcEndpoint", {
      VpcEndpointId: it.id,
      ...(it.inputs.policy !== undefined && { PolicyDocument: it.inputs.policy }),
      ...changed("routeTableIds", "AddRouteTableIds", "RemoveRouteTableIds"),
      ...changed("subnetIds", "AddSubnetIds", "RemoveSubnetIds"),
      ...changed("securityGroupIds", "AddSecurityGroupIds", "RemoveSecurityGroupIds"),
    });
    await retag(it);
  },
  look: async (it) => {
    const found = firstAt(await it.ask("ec2", "DescribeVpcEndpoints", { VpcEndpointIds: [it.id] }), "VpcEndpoints");
    if (!found || ["deleted", "deleting"].includes(textAt(found, "State").toLowerCase())) return undefined;
    const isGateway = found.VpcEndpointType === "Gateway";
    return {
      vpcId: found.VpcId,
      serviceName: found.ServiceName,
      vpcEndpointType: found.VpcEndpointType,
      ...(it.inputs.policy !== undefined && { policy: found.PolicyDocument }),
      ...(isGateway
        ? { routeTableIds: found.RouteTableIds ?? [] }
        : { subnetIds: found.SubnetIds ?? [], privateDnsEnabled: found.PrivateDnsEnabled }),
      ...(it.inputs.securityGroupIds !== undefined && {
        securityGroupIds: listAt(found, "Groups").map(({ GroupId }) => GroupId ?? ""),
      }),
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteVpcEndpoints", { VpcEndpointIds: [id] })),
};

const flowLog: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateFlowLogs", {
        ...flowSource(it.inputs),
        TrafficType: it.inputs.trafficType,
        LogDestinationType: it.inputs.logDestinationType,
        LogDestination: it.inputs.logDestination,
        MaxAggregationInterval: it.inputs.maxAggregationInterval,
        ...(it.inputs.iamRoleArn !== undefined && { DeliverLogsPermissionArn: it.inputs.iamRoleArn }),
        ...capitalsOf(it.inputs, "logFormat"),
        ...specification(it, "vpc-flow-log"),
      }),
      "FlowLogIds[0]",
    ),
  put: retag,
  look: async (it) => {
    const found = firstAt(await it.ask("ec2", "DescribeFlowLogs", { FlowLogIds: [it.id] }), "FlowLogs");
    return (
      found && {
        trafficType: found.TrafficType,
        maxAggregationInterval: found.MaxAggregationInterval,
        logDestination: found.LogDestination,
        iamRoleArn: found.DeliverLogsPermissionArn,
        tags: tagsOf(listAt(found, "Tags")),
      }
    );
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteFlowLogs", { FlowLogIds: [id] })),
};

const flowSource = ({ vpcId, subnetId, eniId }: Properties): Properties => {
  const [type, id] = vpcId ? ["VPC", vpcId] : subnetId ? ["Subnet", subnetId] : ["NetworkInterface", eniId];
  return { ResourceType: type, ResourceIds: [id as string] };
};

const capitalsOf = (inputs: Properties, ...names: readonly string[]) => capitals(given(inputs, ...names)) as Properties;

export const networkRequests: Readonly<Record<string, Requests>> = {
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/routeTable:RouteTable": routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": association,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:ec2/flowLog:FlowLog": flowLog,
};
