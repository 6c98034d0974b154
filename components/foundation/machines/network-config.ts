import type { OnSiteFootprint } from "../on-site/on-site-plan";
import type { Machine } from "./machine";

interface Route {
  readonly to: string;
  readonly via?: string;
  readonly type?: "unreachable";
  readonly metric?: number;
}

interface Addressed {
  readonly addresses?: readonly string[];
  readonly nameservers?: { readonly addresses: readonly string[] };
  readonly routes?: readonly Route[];
}

/** A netplan document of version 2, as far as the kit writes one. */
export interface NetworkConfig {
  readonly version: 2;
  readonly renderer: "networkd";
  readonly ethernets: Readonly<Record<string, object>>;
  readonly bonds?: Readonly<Record<string, object>>;
  readonly vlans?: Readonly<Record<string, object>>;
  readonly bridges: Readonly<Record<string, object>>;
}

const closed = { dhcp4: false, dhcp6: false, "accept-ra": false, "link-local": [] } as const;
const prefixOf = (cidr: string): string => cidr.split("/")[1] ?? "";

/** The interface that carries a machine's address on the machines' network; at most 15 characters, as the kernel allows. */
export function clusterInterface({ network }: OnSiteFootprint, { macs }: Pick<Machine, "macs">): string {
  const link = macs.length > 1 ? "lanbond" : "lan0";
  return network.vlan === undefined ? link : `${link}.${network.vlan}`;
}

/**
 * The network of one machine, for netplan: cards named by their address, two of them bonded, tags where the switches expect
 * them, the site's name servers, and each way out by name. What has no way goes to `nowhere`, a bridge without a port: RKE2
 * needs a default route to start, and this one leads to no wire.
 *
 * @param more routes of the footprint, such as that to the company behind a link, or one that shuts a network off.
 */
export function networkConfig(
  footprint: OnSiteFootprint,
  machine: Machine,
  more: readonly Route[] = [],
): NetworkConfig {
  const { network } = footprint;
  const cards = machine.macs.map((_, index) => `lan${index}`);
  const link = cards.length > 1 ? "lanbond" : "lan0";
  const own: Addressed = {
    addresses: [`${machine.address}/${prefixOf(network.cidr)}`],
    nameservers: { addresses: network.dns },
    routes: [...network.routes.map(({ to, via }) => ({ to, via })), ...more],
  };
  const onLink = network.vlan === undefined ? own : {};
  const { storage } = network;
  const vlans = {
    ...(network.vlan === undefined
      ? {}
      : { [clusterInterface(footprint, machine)]: { id: network.vlan, link, ...closed, ...own } }),
    ...(storage === undefined || machine.storageAddress === undefined
      ? {}
      : {
          [`${link}.${storage.vlan}`]: {
            id: storage.vlan,
            link,
            ...closed,
            addresses: [`${machine.storageAddress}/${prefixOf(storage.cidr)}`],
          },
        }),
  };
  return {
    version: 2,
    renderer: "networkd",
    ethernets: Object.fromEntries(
      machine.macs.map((macaddress, index) => [
        `lan${index}`,
        { match: { macaddress }, "set-name": `lan${index}`, ...closed, ...(cards.length > 1 ? {} : onLink) },
      ]),
    ),
    ...(cards.length > 1
      ? {
          bonds: {
            [link]: {
              interfaces: cards,
              parameters: { mode: "802.3ad", "lacp-rate": "fast", "mii-monitor-interval": 100 },
              ...closed,
              ...onLink,
            },
          },
        }
      : {}),
    ...(Object.keys(vlans).length > 0 ? { vlans } : {}),
    bridges: {
      nowhere: {
        interfaces: [],
        ...closed,
        // TEST-NET-3 of RFC 5737: an address that nobody has.
        addresses: ["203.0.113.254/31"],
        routes: [{ to: "default", via: "203.0.113.255", metric: 4294967 }],
      },
    },
  };
}
