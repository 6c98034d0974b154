import { describe, expect, it } from "vitest";
import { layFoundation } from "../../../components/foundation";
import { readEnvironment } from "../../../stacks/environment";
import type { PrivateCloudFootprint } from "../../../stacks/schema/private-cloud";
import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import { makeAuthorities } from "../authorities";
import { foundationComputed } from "../computed";
import { record, type World } from "../recorded-world";

const nothing = () => ({});
/** Kinds that only an environment with a way in, a way out or bought capacity makes. */
const computed = {
  ...foundationComputed,
  "aws:directconnect/gatewayAssociation:GatewayAssociation": nothing,
  "aws:ec2/eip:Eip": nothing,
  "aws:ec2/internetGateway:InternetGateway": nothing,
  "aws:ec2/natGateway:NatGateway": nothing,
  "aws:ec2/route:Route": nothing,
  "aws:ec2/vpnGateway:VpnGateway": nothing,
  "aws:ec2clientvpn/authorizationRule:AuthorizationRule": nothing,
  "aws:ec2clientvpn/endpoint:Endpoint": nothing,
  "aws:ec2clientvpn/networkAssociation:NetworkAssociation": nothing,
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": nothing,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": nothing,
};

const environment = readEnvironment("private-cloud");
const example = environment.footprint as PrivateCloudFootprint;
const waiver = {
  owner: "platform@example.com",
  approver: "security@example.com",
  reason: "while the mirror is built",
  expires: "2026-01-01",
};

/** The example with some settings of its footprint changed; what its file may say is tested elsewhere. */
async function lay(change: Partial<PrivateCloudFootprint>): Promise<World<unknown>> {
  const authorities = await makeAuthorities(Date.now());
  const footprint = { ...example, ...change };
  return record(computed, () => layFoundation({ ...environment, footprint }, authorities).substrate);
}
const attached = (attachment: NetworkAttachment) => lay({ network: { ...example.network, attachment } });
const routesOf = (world: World<unknown>) =>
  world
    .ofType("aws:ec2/route:Route")
    .map(
      ({ inputs: { routeTableId, destinationCidrBlock } }) => `${String(routeTableId)} ${String(destinationCidrBlock)}`,
    )
    .sort();
const routes = (tier: string) => `foundation-network-${tier}-routes-id`;

describe("a VPC that the company reaches", () => {
  const companyCidrs = ["10.30.0.0/16", "192.168.0.0/20"];

  it("by a transit gateway has routes to the company's networks alone, and announces itself to nobody", async () => {
    const world = await attached({
      kind: "transit-gateway",
      transitGateway: "tgw-0123456789abcdef0",
      companyCidrs,
      operatorCidrs: ["10.30.9.0/24"],
    });
    expect(routesOf(world)).toEqual(
      ["control-plane", "nodes"].flatMap((tier) => companyCidrs.map((cidr) => `${routes(tier)} ${cidr}`)),
    );
    expect(world.inputs("foundation-network-attachment-transit-gateway")).toMatchObject({
      subnetIds: ["a", "b", "c"].map((zone) => `foundation-network-attachment-eu-central-1${zone}-id`),
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
    });
    expect(world.inputs("foundation-cluster-api-10.30.9.0-24")).toMatchObject({
      cidrIpv4: "10.30.9.0/24",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("by Direct Connect shows the gateway its own network, and lets no operator to the API", async () => {
    const directConnectGateway = "01234567-0123-4567-89ab-0123456789ab";
    const world = await attached({ kind: "direct-connect", directConnectGateway, companyCidrs, operatorCidrs: [] });
    expect(routesOf(world)).toEqual(companyCidrs.map((cidr) => `${routes("nodes")} ${cidr}`));
    expect(world.inputs("foundation-network-attachment-direct-connect").allowedPrefixes).toEqual(["10.40.0.0/16"]);
    expect(world.resources.filter(({ name }) => name.startsWith("foundation-cluster-api-"))).toEqual([]);
  });

  it("by a client VPN asks the company's identity provider, carries HTTPS to the VPC, and is on the record", async () => {
    const world = await attached({
      kind: "client-vpn",
      certificate: "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-0123-4567-89ab-0123456789ab",
      samlProvider: "arn:aws:iam::111122223333:saml-provider/company",
      clientCidr: "10.90.0.0/20",
      userGroups: ["users"],
      operatorGroups: [],
    });
    expect(routesOf(world)).toEqual([]);
    expect(world.inputs("foundation-network-attachment-client-vpn")).toMatchObject({
      splitTunnel: true,
      connectionLogOptions: { enabled: true },
      authenticationOptions: [{ type: "federated-authentication" }],
      sessionTimeoutHours: 8,
    });
    expect(world.inputs("foundation-keys-logs").policy).toContain("/cloister/private-cloud/client-vpn");
    const group = world.inputs("foundation-network-attachment-https");
    expect(group).toMatchObject({ cidrIpv4: "10.40.0.0/16", fromPort: 443, toPort: 443 });
  });
});

it("has a way out only while a waiver stands, from the nodes alone", async () => {
  const world = await lay({ network: { ...example.network, internetExit: waiver } });
  expect(routesOf(world)).toEqual([`${routes("exit")} 0.0.0.0/0`, `${routes("nodes")} 0.0.0.0/0`]);
  expect(world.inputs("foundation-network-internet-exit-nat").subnetId).toBe(
    "foundation-network-exit-eu-central-1a-id",
  );
});

it("gives a pool its adapters, its place and its group, and the installer the cluster for a while", async () => {
  const [role = ""] = example.administrators;
  const [l40s] = example.gpuPools;
  if (l40s === undefined) throw new Error("the example has no GPU pool");
  const close = { ...l40s, name: "close", instanceType: "g6e.48xlarge", gpusPerNode: 8 };
  const world = await lay({
    gpuPools: [l40s, { ...close, availabilityZone: "eu-central-1b", efa: true, placementGroup: true }],
    installer: { ...waiver, role },
  });
  const template = world.inputs("foundation-cluster-nodes-gpu-close-template");
  expect(template.placement).toEqual({ tenancy: "dedicated", groupName: "cloister-private-cloud-gpu-close" });
  expect(template.networkInterfaces).toHaveLength(4);
  expect(world.inputs("foundation-cluster-nodes-gpu-l40s-template")).not.toHaveProperty("networkInterfaces");
  expect(world.inputs("foundation-cluster-nodes-gpu-close-eu-central-1b")).toMatchObject({
    subnetIds: ["foundation-network-nodes-eu-central-1b-id"],
    nodeRepairConfig: { enabled: true, maxParallelNodesRepairedCount: 1 },
  });
  expect(world.inputs("foundation-cluster-access-platform-operators-installer").policyArn).toBe(
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  );
});
