/** What a subnet is for. Pods live in `nodes`; network policies name `store` and `control-plane` by their CIDRs. */
export const tiers = ["nodes", "endpoints", "control-plane", "store"] as const;
export type Tier = (typeof tiers)[number];
/** `attachment` is where a transit gateway or a client VPN enters; `exit`, where a waivered NAT gateway stands. */
export type OptionalTier = "attachment" | "exit";

export interface SubnetPlan {
  readonly tier: Tier | OptionalTier;
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
 * Where each tier of each zone lies. A quarter of the VPC's network is for the nodes of each zone; the last quarter, in
 * eighths, for what stands beside them. A new tier takes what is free: nothing that stands may move.
 *
 * In the smallest network, a /22, an endpoints subnet has 27 free addresses for the 13 interface endpoints, one for the
 * store 11 for its single one, and a control-plane subnet 27 for the interfaces of EKS, which asks for 6 and recommends
 * 16. The last sixteenth of the quarter holds what only some environments have, and takes a larger network.
 */
function cidrOf(cidr: string, tier: Tier | OptionalTier, zone: number): string {
  const last = part(cidr, 2, zonesAtMost);
  switch (tier) {
    case "nodes":
      return part(cidr, 2, zone);
    case "endpoints":
      return part(last, 3, zone);
    case "control-plane":
      return part(last, 3, 4 + zone);
    case "store":
      return part(last, 4, [6, 7, 14][zone] ?? -1);
    case "attachment":
      return part(last, 6, 60 + zone);
    case "exit":
      return part(last, 6, 63);
  }
}

/**
 * The subnets of the VPC by tier and zone. A zone's place is its place in the list: append a zone, never put one before
 * another. A NAT gateway stands in the first zone alone.
 *
 * @param also tiers beside those that every VPC has.
 */
export function planSubnets(
  cidr: string,
  availabilityZones: readonly string[],
  also: readonly OptionalTier[] = [],
): SubnetPlan[] {
  if (availabilityZones.length > zonesAtMost) throw new RangeError(`at most ${zonesAtMost} availability zones`);
  return [...tiers, ...also].flatMap((tier) =>
    (tier === "exit" ? availabilityZones.slice(0, 1) : availabilityZones).map((availabilityZone, index) => ({
      tier,
      availabilityZone,
      cidr: cidrOf(cidr, tier, index),
    })),
  );
}

/**
 * The networks of a tier in all zones that there may ever be, in as few CIDRs as hold them: rules that name them stay
 * the same when a zone is added.
 */
export function reserved(cidr: string, tier: Tier | OptionalTier): string[] {
  const last = part(cidr, 2, zonesAtMost);
  switch (tier) {
    case "nodes":
      return [part(cidr, 1, 0), part(cidr, 2, 2)];
    case "endpoints":
      return [part(last, 2, 0), part(last, 3, 2)];
    case "control-plane":
      return [part(last, 2, 2), part(last, 3, 6)];
    case "store":
      return [part(last, 3, 3), part(last, 4, 14)];
    case "attachment":
      return [part(last, 5, 30), part(last, 6, 62)];
    case "exit":
      return [part(last, 6, 63)];
  }
}

/** CIDRs of a tier, in the order of the zones. */
export const cidrsOf = (subnets: readonly SubnetPlan[], tier: Tier): string[] =>
  subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.cidr);

/** Retentions that CloudWatch Logs offers from a year on, days. */
const retentions = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The shortest retention on offer that is no shorter than asked, and never below a year. */
export const logRetention = (days: number): number =>
  retentions.find((retention) => retention >= days) ?? Math.max(...retentions);
