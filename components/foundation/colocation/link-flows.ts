import type { Environment } from "../../../stacks/environment";
import type { ColocationFootprint } from "../../../stacks/schema/colocation";

export type ColocationEnvironment = Environment & { readonly footprint: ColocationFootprint };

/** Networks that meet at the cage's gateway; each is an interface of that name there. */
export type GatewaySide = "link" | "cage" | "management" | "facility";

/** One thing that may pass the cage's gateway. What is not in the list does not pass. */
export interface LinkFlow {
  readonly from: { readonly side: GatewaySide; readonly cidrs: readonly string[] };
  readonly to: { readonly side: GatewaySide; readonly cidrs: readonly string[] };
  /** TCP; nothing else is forwarded. */
  readonly port: number;
  readonly why: string;
}

/** Port of the door as the load balancer shows it. */
const doorPort = 443;
/** Redfish, the management controllers' own API, and their console: HTTPS. IPMI over the network stays shut. */
const redfishPort = 443;

export const portOf = (url: string): number => Number(new URL(url).port || 443);

/** All that passes the gateway: derived from the door's clients, the key servers and what else the cage declares. */
export function planLinkFlows({ footprint, platform }: ColocationEnvironment): LinkFlow[] {
  const { network, keyServers, managementCidr, administrators, backupTarget, facility } = footprint;
  const cage = { side: "cage", cidrs: [network.cidr] } as const;
  return [
    ...platform.door.clients.map((client): LinkFlow => ({
      from: { side: "link", cidrs: [client.cidr] },
      to: { side: "cage", cidrs: [network.loadBalancerCidr] },
      port: doorPort,
      why: `the door, for ${client.name}`,
    })),
    ...keyServers.map((server): LinkFlow => ({
      from: cage,
      to: { side: "link", cidrs: [`${server.address}/32`] },
      port: portOf(server.url),
      why: "disks unlock in sight of this key server",
    })),
    ...(administrators.length === 0
      ? []
      : [
          {
            from: { side: "link", cidrs: administrators },
            to: { side: "management", cidrs: [managementCidr] },
            port: redfishPort,
            why: "management controllers, for administrators",
          } as const,
        ]),
    ...(backupTarget === undefined
      ? []
      : [
          {
            from: cage,
            to: { side: "link", cidrs: [backupTarget.cidr] },
            port: portOf(backupTarget.endpoint),
            why: "the second copy of the backups, encrypted before it leaves",
          } as const,
        ]),
    ...(facility.accessRecords === undefined
      ? []
      : [
          {
            from: cage,
            to: { side: "facility", cidrs: [facility.accessRecords.cidr] },
            port: facility.accessRecords.port,
            why: "records of who entered the cage",
          } as const,
        ]),
  ];
}

const onSide = (flows: readonly LinkFlow[], wanted: (side: GatewaySide) => boolean): string[] => [
  ...new Set(
    flows.flatMap(({ from, to }) => [from, to].filter(({ side }) => wanted(side)).flatMap(({ cidrs }) => cidrs)),
  ),
];

/** The company's networks that may use the link, and the cage's: all that the tunnel itself lets through. */
export function linkNetworks(flows: readonly LinkFlow[]): { readonly company: string[]; readonly cage: string[] } {
  const across = flows.filter(({ from, to }) => from.side === "link" || to.side === "link");
  return { company: onSide(across, (side) => side === "link"), cage: onSide(across, (side) => side !== "link") };
}

/** Routes of each machine: what lies behind the gateway, one by one, and never a default route. */
export function gatewayRoutes(environment: ColocationEnvironment): { readonly to: string; readonly via: string }[] {
  const ends = planLinkFlows(environment).filter(({ from, to }) => from.side === "cage" || to.side === "cage");
  return onSide(ends, (side) => side !== "cage").map((to) => ({ to, via: environment.footprint.siteLink.gateway }));
}
