/** What a subnet is for. Pods live in `nodes`; network policies name the other two by their CIDRs. */
export const tiers = ["nodes", "endpoints", "control-plane"] as const;
export type Tier = (typeof tiers)[number];

export interface SubnetPlan {
  readonly tier: Tier;
  readonly availabilityZone: string;
  readonly cidr: string;
}

/** The network is cut for this many zones from the first day, so that adding one moves nothing. */
const zonesAtMost = 3;

const toNumber = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** The `index`th of the equal parts of a network, each `bits` longer in its prefix. */
export function part(cidr: string, bits: number, index: number): string {
  const [address = "", prefix = ""] = cidr.split("/");
  const length = Number(prefix) + bits;
  if (index < 0 || index >= 2 ** bits || length > 32)
    throw new RangeError(`${cidr} has no part ${index} of ${bits} bits`);
  const start = Math.floor(toNumber(address) / 2 ** (32 - Number(prefix))) * 2 ** (32 - Number(prefix));
  return `${toAddress(start + index * 2 ** (32 - length))}/${length}`;
}

/**
 * Cuts the VPC's network: a quarter for the nodes of each zone, and the last quarter in eight for what stands beside
 * them. A zone's place is its place in the list: append a zone, never put one before another.
 *
 * In the smallest network, a /22, an endpoints subnet has 27 free addresses for the 12 interface endpoints, and a
 * control-plane subnet as many for the interfaces of EKS, which asks for 6 and recommends 16.
 */
export function planSubnets(cidr: string, availabilityZones: readonly string[]): SubnetPlan[] {
  if (availabilityZones.length > zonesAtMost) throw new RangeError(`at most ${zonesAtMost} availability zones`);
  const last = part(cidr, 2, zonesAtMost);
  const cidrOf: Record<Tier, (zone: number) => string> = {
    nodes: (zone) => part(cidr, 2, zone),
    endpoints: (zone) => part(last, 3, zone),
    "control-plane": (zone) => part(last, 3, 4 + zone),
  };
  return tiers.flatMap((tier) =>
    availabilityZones.map((availabilityZone, index) => ({ tier, availabilityZone, cidr: cidrOf[tier](index) })),
  );
}

/** CIDRs of a tier, in the order of the zones. */
export const cidrsOf = (subnets: readonly SubnetPlan[], tier: Tier): string[] =>
  subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.cidr);

/** Retentions that CloudWatch Logs offers from a year on, days. */
const retentions = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The shortest retention on offer that is no shorter than asked, and never below a year. */
export const logRetention = (days: number): number =>
  retentions.find((retention) => retention >= days) ?? Math.max(...retentions);
