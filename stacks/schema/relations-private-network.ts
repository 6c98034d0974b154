import { inPrivateSpace, isWide, narrow } from "./address-space";
import { apart, prefixOf, within, type BrokenRelation, type Path } from "./networks";
import type { PrivateCloudFootprint } from "./private-cloud";
import { waiverRelations } from "./waiver";

const at = (...path: Path): Path => ["footprint", "network", ...path];

/** Largest prefix, by what stands in the VPC beside nodes and endpoints; their subnets are cut from its last 64th. */
function room({ network }: PrivateCloudFootprint): { most: number; why: string } {
  if (network.attachment?.kind === "client-vpn")
    return { most: 19, why: "a client VPN asks for a /27 in each zone: give the VPC a /19 or more" };
  if (network.attachment?.kind === "transit-gateway" || network.internetExit !== undefined)
    return { most: 20, why: "its own subnets must be /28 at least: give the VPC a /20 or more" };
  return { most: 22, why: "AWS takes nothing above /16; below /22 there is no room for pods in three zones" };
}

/** What a VPC's network must keep to. `now`: milliseconds since 1970. */
export function privateNetworkRelations(footprint: PrivateCloudFootprint, now: number): BrokenRelation[] {
  const { network, kubernetes } = footprint;
  const { attachment, internetExit } = network;
  const prefix = prefixOf(network.cidr);
  const { most, why } = room(footprint);
  const company =
    attachment === undefined || attachment.kind === "client-vpn"
      ? []
      : attachment.companyCidrs.map((cidr, index) => ({ path: at("attachment", "companyCidrs", index), cidr }));
  const operators = attachment === undefined || attachment.kind === "client-vpn" ? [] : attachment.operatorCidrs;
  return [
    ...(prefix >= 16 && prefix <= most
      ? []
      : [{ path: at("cidr"), found: network.cidr, allowed: `a prefix from /16 to /${most}`, mend: why }]),
    ...apart([
      { path: at("cidr"), cidr: network.cidr },
      { path: ["footprint", "kubernetes", "serviceCidr"], cidr: kubernetes.serviceCidr },
      ...company.filter(({ cidr }) => !isWide(cidr)),
      ...(attachment?.kind === "client-vpn"
        ? [{ path: at("attachment", "clientCidr"), cidr: attachment.clientCidr }]
        : []),
    ]),
    ...narrow(company, "name the company's own networks: a route as wide as the internet is a way out"),
    ...inPrivateSpace([
      { path: at("cidr"), cidr: network.cidr },
      { path: ["footprint", "kubernetes", "serviceCidr"], cidr: kubernetes.serviceCidr },
      ...company.filter(({ cidr }) => !isWide(cidr)),
      ...(attachment?.kind === "client-vpn"
        ? [{ path: at("attachment", "clientCidr"), cidr: attachment.clientCidr }]
        : []),
    ]),
    ...(attachment?.kind === "client-vpn" &&
    (prefixOf(attachment.clientCidr) < 12 || prefixOf(attachment.clientCidr) > 22)
      ? [
          {
            path: at("attachment", "clientCidr"),
            found: attachment.clientCidr,
            allowed: "a prefix from /12 to /22",
            mend: "AWS gives clients addresses of such a network only",
          },
        ]
      : []),
    ...operators
      .map((cidr, index) => ({ cidr, index }))
      .filter(({ cidr }) => !company.some((network) => within(cidr, network.cidr)))
      .map(({ cidr, index }) => ({
        path: at("attachment", "operatorCidrs", index),
        found: cidr,
        allowed: `a network inside ${company.map((network) => network.cidr).join(" or ")}`,
        mend: "add the network to companyCidrs too: without a route no answer reaches it",
      })),
    ...(internetExit === undefined ? [] : waiverRelations(at("internetExit"), internetExit, now)),
  ];
}

/** Where the company reaches the VPC by routes, applications must come from networks to which a route leads. */
export function clientNetworkRelations(
  { network }: PrivateCloudFootprint,
  clients: readonly { readonly cidr: string }[],
): BrokenRelation[] {
  const { attachment } = network;
  if (attachment?.kind !== "transit-gateway" && attachment?.kind !== "direct-connect") return [];
  const known = [...attachment.companyCidrs, network.cidr];
  return clients
    .map(({ cidr }, index) => ({ cidr, index }))
    .filter(({ cidr }) => !isWide(cidr) && !known.some((network) => within(cidr, network)))
    .map(({ cidr, index }) => ({
      path: ["platform", "door", "clients", index, "cidr"],
      found: cidr,
      allowed: `a network inside ${attachment.companyCidrs.join(" or ")}`,
      mend: "add the network to footprint.network.attachment.companyCidrs, or correct the client's",
    }));
}
