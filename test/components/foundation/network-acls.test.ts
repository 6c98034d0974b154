import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiClients, planVpnGrants, resolverOf } from "../../../components/foundation/network/attachment-plan";
import { planAcls, type AclPlan, type AclRule } from "../../../components/foundation/network/acls-plan";
import {
  planSubnets,
  reserved,
  tiers,
  type OptionalTier,
  type Tier,
} from "../../../components/foundation/network/network-plan";
import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import { holds, within } from "../../../stacks/schema/networks";

const cidr = "10.40.0.0/16";
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const company = ["10.30.0.0/16", "192.168.0.0/20"];
const transit: NetworkAttachment = {
  kind: "transit-gateway",
  transitGateway: "tgw-0123456789abcdef0",
  companyCidrs: company,
  operatorCidrs: ["10.30.9.0/24"],
};
const direct: NetworkAttachment = {
  kind: "direct-connect",
  directConnectGateway: "01234567-0123-4567-89ab-0123456789ab",
  companyCidrs: company,
  operatorCidrs: [],
};
const vpn: NetworkAttachment & { kind: "client-vpn" } = {
  kind: "client-vpn",
  certificate: "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-0123-4567-89ab-0123456789ab",
  samlProvider: "arn:aws:iam::111122223333:saml-provider/company",
  clientCidr: "10.90.0.0/20",
  userGroups: ["users"],
  operatorGroups: ["operators"],
};

/** As AWS judges: by the first rule that fits, in order; every rule here allows. */
const passes = (rules: readonly AclRule[], address: string, port: number) =>
  rules.some(
    (rule) =>
      holds(rule.cidrBlock, address) && (rule.protocol === "-1" || (rule.fromPort <= port && port <= rule.toPort)),
  );
const aclOf = (plans: readonly AclPlan[], tier: string): AclPlan => {
  const found = plans.find((plan) => plan.tier === tier);
  if (found === undefined) throw new Error(`no ACL for ${tier}`);
  return found;
};
const subnets = planSubnets(cidr, zones, ["attachment", "exit"]);
const addressIn = (tier: string, zone = 0): string => {
  const octets = (subnets.filter((subnet) => subnet.tier === tier)[zone]?.cidr.split("/")[0] ?? "").split(".");
  return [...octets.slice(0, 3), Number(octets[3]) + 9].join(".");
};

/** A TCP exchange: the request passes both fences, and so does the answer. Ends outside the VPC have no fence of ours. */
function exchanges(plans: readonly AclPlan[], from: string, to: string, port: number, clientPort = 40000): boolean {
  const inside = (end: string) => subnets.some(({ tier }) => tier === end);
  const address = (end: string, zone: number) => (inside(end) ? addressIn(end, zone) : end);
  const [client, server] = [address(from, 0), address(to, 1)];
  const atClient =
    !inside(from) ||
    (passes(aclOf(plans, from).egress, server, port) && passes(aclOf(plans, from).ingress, server, clientPort));
  const atServer =
    !inside(to) ||
    (passes(aclOf(plans, to).ingress, client, port) && passes(aclOf(plans, to).egress, client, clientPort));
  return atClient && atServer;
}

describe("the access lists of an environment that nobody outside reaches", () => {
  const plans = planAcls({ cidr, internetExit: false });

  it.each([
    ["nodes", "endpoints", 443],
    ["nodes", "store", 443],
    ["nodes", "control-plane", 443],
    ["nodes", "nodes", 53],
    ["control-plane", "nodes", 10250],
    ["control-plane", "nodes", 443],
  ])("pass %s → %s on %i, and the answer", (from, to, port) => expect(exchanges(plans, from, to, port)).toBe(true));

  it.each([
    ["nodes", "endpoints", 22],
    ["endpoints", "nodes", 443],
    ["store", "endpoints", 443],
    ["endpoints", "control-plane", 443],
    ["control-plane", "nodes", 22],
    ["nodes", "control-plane", 22],
    ["10.30.0.9", "nodes", 443],
    ["nodes", "8.8.8.8", 443],
    ["nodes", "52.219.1.1", 443],
  ])("stop %s → %s on %i", (from, to, port) => expect(exchanges(plans, from, to, port)).toBe(false));

  it("name nothing outside the VPC, and stay within AWS's twenty rules", () => {
    for (const plan of [plans, planAcls({ cidr, attachment: transit, internetExit: false })].flat()) {
      for (const { cidrBlock } of [...plan.ingress, ...plan.egress]) {
        const known = [cidr, ...company].some((network) => within(cidrBlock, network));
        expect(known, `${plan.tier} ${cidrBlock}`).toBe(true);
      }
      expect(Math.max(plan.ingress.length, plan.egress.length), plan.tier).toBeLessThanOrEqual(20);
    }
  });

  it("pass to and from an address outside the VPC nothing at all", () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(fc.integer({ min: 11, max: 223 }), octet, octet, octet), fc.nat(65535), (address, port) => {
        for (const { ingress, egress } of plans) {
          expect(passes(ingress, address.join("."), port) || passes(egress, address.join("."), port)).toBe(false);
        }
      }),
      { seed: 1 },
    );
  });
});

describe("the access lists where the company is let in", () => {
  it.each([
    ["transit-gateway", transit],
    ["direct-connect", direct],
  ])("pass %s's networks to the door, and to no other port or tier", (_, attachment) => {
    const plans = planAcls({ cidr, attachment, internetExit: false });
    for (const port of [443, 31000]) expect(exchanges(plans, "192.168.1.1", "nodes", port)).toBe(true);
    for (const port of [22, 8443, 10250]) expect(exchanges(plans, "192.168.1.1", "nodes", port)).toBe(false);
    for (const tier of ["endpoints", "store", "control-plane"])
      expect(exchanges(plans, "192.168.1.1", tier, 443), tier).toBe(false);
    expect(exchanges(plans, "10.30.9.1", "control-plane", 443)).toBe(attachment === transit);
    expect(exchanges(plans, "nodes", "192.168.1.1", 443)).toBe(false);
  });

  it("let a client VPN's own subnets reach the door, and operators the API", () => {
    const plans = planAcls({ cidr, attachment: vpn, internetExit: false });
    expect(exchanges(plans, "attachment", "nodes", 443)).toBe(true);
    expect(exchanges(plans, "attachment", "control-plane", 443)).toBe(true);
    expect(exchanges(plans, "attachment", "store", 443)).toBe(false);
    expect(apiClients(cidr, vpn)).toEqual(reserved(cidr, "attachment"));
    expect(apiClients(cidr, { ...vpn, operatorGroups: [] })).toEqual([]);
    expect(planVpnGrants(cidr, vpn).map(({ group, targetNetworkCidr }) => [group, targetNetworkCidr])).toEqual([
      ...reserved(cidr, "nodes").map((network) => ["users", network]),
      ...reserved(cidr, "control-plane").map((network) => ["operators", network]),
    ]);
    expect(resolverOf(cidr)).toBe("10.40.0.2");
  });

  it("open HTTPS to the internet through a waivered exit alone", () => {
    const plans = planAcls({ cidr, internetExit: true });
    expect(exchanges(plans, "nodes", "8.8.8.8", 443)).toBe(true);
    expect(exchanges(plans, "exit", "8.8.8.8", 443)).toBe(true);
    expect(exchanges(plans, "nodes", "8.8.8.8", 80)).toBe(false);
    expect(exchanges(plans, "endpoints", "8.8.8.8", 443)).toBe(false);
    expect(exchanges(plans, "8.8.8.8", "nodes", 443)).toBe(false);
  });
});

it("reserves for each tier exactly the networks of its subnets, now and with every zone", () => {
  const all: (Tier | OptionalTier)[] = [...tiers, "attachment"];
  for (const tier of all) {
    const cidrs = subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.cidr);
    expect(cidrs).toHaveLength(3);
    for (const one of cidrs) expect(reserved(cidr, tier).filter((network) => within(one, network))).toHaveLength(1);
    const size = (network: string) => 2 ** (32 - Number(network.split("/")[1]));
    const sum = (networks: readonly string[]) => networks.reduce((total, network) => total + size(network), 0);
    expect(sum(reserved(cidr, tier))).toBe(sum(cidrs));
  }
});
