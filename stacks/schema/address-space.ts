import { prefixOf, within, type BrokenRelation, type Path } from "./networks";

/** Addresses that the internet does not route: RFC 1918, and RFC 6598, which operators share among their customers. */
const privateSpace = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** So wide that a route to it would lead to the internet as well. */
export const isWide = (cidr: string): boolean => prefixOf(cidr) < 8;

/** Networks that must lie in private address space: a public one would hide a part of the internet, or lead to it. */
export function inPrivateSpace(networks: readonly { path: Path; cidr: string }[]): BrokenRelation[] {
  return networks
    .filter(({ cidr }) => !privateSpace.some((space) => within(cidr, space)))
    .map(({ path, cidr }) => ({
      path,
      found: `${cidr}, which is public address space`,
      allowed: `a network inside ${privateSpace.slice(0, -1).join(", ")} or ${privateSpace.at(-1)}`,
      mend: "take a private network: the addresses of this one belong to somebody on the internet",
    }));
}

/** Networks of the company, named one by one: as wide as the internet, they would be a way out or let anybody in. */
export function narrow(networks: readonly { path: Path; cidr: string }[], mend: string): BrokenRelation[] {
  return networks
    .filter(({ cidr }) => isWide(cidr))
    .map(({ path, cidr }) => ({ path, found: cidr, allowed: "a network of the company, /8 or smaller", mend }));
}
