import { BlockList } from "node:net";

/** A mistake in how two values stand to each other: where, what was found, what is allowed, how to mend it. */
export interface BrokenRelation {
  readonly path: readonly (string | number)[];
  readonly found: string;
  readonly allowed: string;
  readonly mend: string;
}

/** Where a value stands: keys and indexes from the root of the file. */
export type Path = readonly (string | number)[];

function block(cidr: string): { list: BlockList; first: string } {
  const [first = "", prefix] = cidr.split("/");
  const list = new BlockList();
  // Throws on what is no CIDR: the shape has told that mistake, and its relations say nothing.
  list.addSubnet(first, Number(prefix), "ipv4");
  return { list, first };
}

const bitsOf = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** True where no bit of the address is set beyond the prefix: `10.20.0.0/16`, not `10.20.0.5/16`. */
export function isNetwork(cidr: string): boolean {
  const [address = "", prefix = "32"] = cidr.split("/");
  return bitsOf(address) % 2 ** (32 - Number(prefix)) === 0;
}

/** True where the CIDR contains the address. */
export const holds = (cidr: string, address: string) => block(cidr).list.check(address, "ipv4");
/** Length of the CIDR's prefix. */
export const prefixOf = (cidr: string): number => Number(cidr.split("/")[1]);

/** True where every address of `inner` is one of `outer`. */
export const within = (inner: string, outer: string): boolean =>
  prefixOf(inner) >= prefixOf(outer) && holds(outer, block(inner).first);

/** True where two CIDRs share an address. */
export const overlap = (a: string, b: string): boolean => holds(a, block(b).first) || holds(b, block(a).first);

/** Names of a list as a sentence has them: all up to three, of more the first two and how many others. */
export function some(names: readonly string[]): string {
  const told = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return [told.slice(0, -1).join(", "), ...told.slice(-1)].filter((part) => part !== "").join(" and ");
}

/** Everything named must be named once. */
export function unique(values: readonly { path: Path; value: string }[], what: string): BrokenRelation[] {
  const seen = new Set<string>();
  return values.flatMap(({ path, value }) => {
    const again = seen.has(value);
    seen.add(value);
    if (!again) return [];
    return [
      { path, found: `${what} ${value} a second time`, allowed: `each ${what} once`, mend: "rename or remove one" },
    ];
  });
}

/** No two networks may share an address. */
export function apart(networks: readonly { path: Path; cidr: string }[]): BrokenRelation[] {
  return networks.flatMap((one, index) => {
    const others = networks.slice(0, index).filter((other) => overlap(one.cidr, other.cidr));
    if (others.length === 0) return [];
    return [
      {
        path: one.path,
        found: `${one.cidr}, which overlaps ${some(others.map(({ cidr, path }) => `${cidr} (${path.join(".")})`))}`,
        allowed: "networks that do not overlap",
        mend: "give one of them another range",
      },
    ];
  });
}

/** An address that must lie in a network, and be one that a machine can have there. */
export function inside(
  path: Path,
  address: string,
  cidr: string,
  what: string,
  network = "the machines' network",
): BrokenRelation[] {
  if (!holds(cidr, address)) {
    return [
      {
        path,
        found: address,
        allowed: `an address inside ${cidr}`,
        mend: `move ${what} into ${network}, or widen it`,
      },
    ];
  }
  const last = lastOf(cidr);
  // Below /31 the first address names the network and the last one all its machines (RFC 1122, 3.2.1.3).
  if (prefixOf(cidr) > 30 || (address !== block(cidr).first && address !== last)) return [];
  return [
    {
      path,
      found: `${address}, the ${address === last ? "broadcast" : "network"} address of ${cidr}`,
      allowed: `an address after ${block(cidr).first} and before ${last}`,
      mend: `give ${what} another address: no machine can have this one`,
    },
  ];
}

/** The last address of a network. */
function lastOf(cidr: string): string {
  const size = 2 ** (32 - prefixOf(cidr));
  const last = bitsOf(block(cidr).first) + size - 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join(".");
}
