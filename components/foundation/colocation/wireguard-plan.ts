import { createPrivateKey, createPublicKey } from "node:crypto";

/** Both ends of the link, and what each may send. Keys are base64 of 32 bytes. */
export interface WireGuardLink {
  /** Host name of the company's end. */
  readonly peer: string;
  readonly port: number;
  readonly privateKey: string;
  readonly presharedKey: string;
  readonly companyPublicKey: string;
  readonly companyNetworks: readonly string[];
  readonly cageNetworks: readonly string[];
}

/** PKCS #8 of an X25519 key up to its 32 bytes (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b656e04220420", "hex");

/**
 * The public key of a WireGuard private key: X25519 (RFC 7748), of which any 32 random bytes are a private key, because
 * the five bits that are fixed are set when the key is used.
 *
 * @param privateKey base64 of 32 bytes. @returns base64 of 32 bytes, as `wg pubkey` prints it.
 */
export function wireGuardPublicKey(privateKey: string): string {
  const raw = Buffer.from(privateKey, "base64");
  if (raw.length !== 32) throw new Error(`a WireGuard key has 32 bytes, not ${raw.length}`);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, raw]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
}

const peerSection = (publicKey: string, presharedKey: string, networks: readonly string[], more: readonly string[]) => [
  "[Peer]",
  `PublicKey = ${publicKey}`,
  `PresharedKey = ${presharedKey}`,
  `AllowedIPs = ${networks.join(", ")}`,
  ...more,
  "",
];

/** `/etc/wireguard/link.conf` of the cage's gateway, for `wg-quick`. It has no address: it only forwards. */
export function cageEnd(link: WireGuardLink): string {
  return [
    "[Interface]",
    `PrivateKey = ${link.privateKey}`,
    `ListenPort = ${link.port}`,
    "",
    ...peerSection(link.companyPublicKey, link.presharedKey, link.companyNetworks, [
      `Endpoint = ${link.peer}:${link.port}`,
      // The cage may sit behind the building's own address translation: the way back must stay open.
      "PersistentKeepalive = 25",
    ]),
  ].join("\n");
}

/** What the company adds to its own end: the private key there is the company's, and the kit never sees it. */
export function companyEnd(link: WireGuardLink): string {
  return peerSection(wireGuardPublicKey(link.privateKey), link.presharedKey, link.cageNetworks, []).join("\n");
}
