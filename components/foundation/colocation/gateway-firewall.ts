import type { ColocationFootprint } from "../../../stacks/schema/colocation";
import type { LinkFlow } from "./link-flows";

/** What the gateway itself takes in from the outside: the tunnel, and nothing else. */
const tunnel = {
  wireguard: (port: number) => [`udp dport ${port} accept comment "WireGuard: silent to whoever has no key"`],
  ipsec: () => ['udp dport { 500, 4500 } accept comment "IKE"', 'ip protocol esp accept comment "IPsec"'],
};

const set = (values: readonly string[]): string => (values.length === 1 ? values[0]! : `{ ${values.join(", ")} }`);

const forward = ({ from, to, port, why }: LinkFlow): string =>
  [
    `iifname "${from.side}" ip saddr ${set(from.cidrs)}`,
    `oifname "${to.side}" ip daddr ${set(to.cidrs)}`,
    `tcp dport ${port} ct state new accept comment "${why}"`,
  ].join(" ");

const chain = (hook: "input" | "forward" | "output", rules: readonly string[]): string =>
  [
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority filter; policy drop;`,
    "    ct state invalid drop",
    "    ct state established,related accept",
    ...rules.map((rule) => `    ${rule}`),
    `    counter log prefix "gateway refused ${hook}: "`,
    "  }",
  ].join("\n");

/** The UDP port of a link's ends where the file names none: WireGuard's usual one, and IKE's. */
export const linkPort = ({ kind, port }: ColocationFootprint["siteLink"]): number =>
  port ?? (kind === "wireguard" ? 51820 : 500);

/**
 * The gateway's whole firewall, as `nft -f` reads it: the listed flows, the tunnel, and names for finding the tunnel's
 * other end. Interfaces are named for what is behind them (uplink, link, cage, management, facility), so the file is the
 * same whatever hardware the gateway is.
 */
export function gatewayFirewall(siteLink: ColocationFootprint["siteLink"], flows: readonly LinkFlow[]): string {
  const accepted = tunnel[siteLink.kind](linkPort(siteLink));
  return [
    "flush ruleset",
    "table inet gateway {",
    chain("input", ['iifname "lo" accept', ...accepted.map((rule) => `iifname "uplink" ${rule}`)]),
    chain("forward", flows.map(forward)),
    chain("output", [
      'oifname "lo" accept',
      ...accepted.map((rule) => `oifname "uplink" ${rule}`),
      'oifname "uplink" meta l4proto { tcp, udp } th dport 53 accept comment "the name of the link\'s other end"',
    ]),
    "}",
    "",
  ].join("\n");
}
