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

/** True where no bit of the address is set beyond the prefix: `10.20.0.0/16`, not `10.20.0.5/16`. */
export function isNetwork(cidr: string): boolean {
  const [address = "", prefix = "32"] = cidr.split("/");
  const bits = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return bits % 2 ** (32 - Number(prefix)) === 0;
}

/** True where the CIDR contains the address. */
export const holds = (cidr: string, address: string) => block(cidr).list.check(address, "ipv4");
const overlap = (a: string, b: string) => holds(a, block(b).first) || holds(b, block(a).first);

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
  return networks.flatMap((one, index) =>
    networks
      .slice(0, index)
      .filter((other) => overlap(one.cidr, other.cidr))
      .map((other) => ({
        path: one.path,
        found: `${one.cidr}, which overlaps ${other.cidr} (${other.path.join(".")})`,
        allowed: "networks that do not overlap",
        mend: "give one of them another range",
      })),
  );
}

/** An address that must lie in a network. */
export function inside(
  path: Path,
  address: string,
  cidr: string,
  what: string,
  network = "the machines' network",
): BrokenRelation[] {
  if (holds(cidr, address)) return [];
  return [
    {
      path,
      found: address,
      allowed: `an address inside ${cidr}`,
      mend: `move ${what} into ${network}, or widen it`,
    },
  ];
}
