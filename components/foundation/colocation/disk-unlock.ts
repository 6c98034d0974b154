import type { ColocationFootprint } from "../../../stacks/schema/colocation";

/** What a machine's unattended install needs for disks that unlock only in sight of the company's key servers. */
export interface TangUnlock {
  /** Packages of the machine's system. */
  readonly packages: readonly string[];
  /** Path to text; each file is for root alone, and executable where `executable` names it. */
  readonly files: Readonly<Record<string, string>>;
  readonly executable: readonly string[];
  /** Shell commands of the installed system, once its encrypted volumes stand: bind each, then renew the initramfs. */
  bind(devices: readonly string[], keyFile: string): string[];
}

type KeyServers = Pick<ColocationFootprint, "keyServers" | "keyServersNeeded">;

/**
 * The configuration of Clevis' `sss` pin: any `t` of the Tang servers. Each is named by the thumbprint of its signing key,
 * so binding trusts no server on first use, and an impostor on the way is refused at install already.
 */
export function clevisConfiguration({ keyServers, keyServersNeeded }: KeyServers): string {
  return JSON.stringify({
    t: keyServersNeeded,
    pins: { tang: keyServers.map(({ url, thumbprint }) => ({ url, thp: thumbprint })) },
  });
}

const hookPath = "/etc/initramfs-tools/hooks/cloister-key-servers";

/**
 * Clevis' own hook brings curl into the early system, but neither authorities nor names: with an https address the disk
 * would stay locked for ever. This one adds both, so no name server is asked before the disk is open.
 */
function initramfsHook({ keyServers }: KeyServers): string {
  const hosts = keyServers.map(({ url, address }) => `'${address} ${new URL(url).hostname}'`).join(" ");
  return `#!/bin/sh
case "\${1:-}" in prereqs) echo clevis; exit 0 ;; esac
set -eu
mkdir -p "$DESTDIR/etc/ssl/certs"
cp -L /etc/ssl/certs/ca-certificates.crt "$DESTDIR/etc/ssl/certs/ca-certificates.crt"
printf '%s\\n' '127.0.0.1 localhost' ${hosts} > "$DESTDIR/etc/hosts"
echo 'hosts: files' > "$DESTDIR/etc/nsswitch.conf"
`;
}

/** Single quotes around a text for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Binds disks to the key servers of a cage. Pure; the machine's layout says which volumes, and by which key they open. */
export function tangUnlock(footprint: KeyServers): TangUnlock {
  return {
    packages: ["clevis", "clevis-luks", "clevis-initramfs", "cryptsetup-initramfs", "ca-certificates", "curl"],
    files: { [hookPath]: initramfsHook(footprint) },
    executable: [hookPath],
    bind: (devices, keyFile) => [
      ...devices.map(
        (device) =>
          `clevis luks bind -y -k ${quoted(keyFile)} -d ${quoted(device)} sss ${quoted(clevisConfiguration(footprint))}`,
      ),
      "update-initramfs -u -k all",
    ],
  };
}

/** The first card's name, in the early system as in the installed one. */
export const firstCard = "lan0";

/** Dotted mask of a prefix length: 22 becomes 255.255.252.0. */
const mask = (prefix: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor((2 ** 32 - 2 ** (32 - prefix)) / 2 ** shift) % 256).join(".");

/**
 * Gives the early system its address. Its default route is the link's gateway, which lets the machine through to the key
 * servers alone; the installed system has no default route. Of two bonded cards the first speaks alone this early: the
 * switch must let a port of a bond forward before the bond is negotiated (LACP fallback).
 */
export function earlyAddress(
  { network, siteLink }: Pick<ColocationFootprint, "network" | "siteLink">,
  { name, address }: { readonly name: string; readonly address: string },
  networkInterface = firstCard,
): string {
  const prefix = Number(network.cidr.split("/")[1]);
  return `ip=${address}::${siteLink.gateway}:${mask(prefix)}:${name}:${networkInterface}:off`;
}
