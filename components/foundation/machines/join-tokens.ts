import { createHash, X509Certificate } from "node:crypto";

/**
 * A token by which a machine knows the cluster before it tells its secret: RKE2 compares the root behind the server's chain
 * with the hash in front. The hash is SHA-256 of the root's DER, in hexadecimal digits.
 *
 * @param clusterRoot PEM.
 * @param user `server` for a server, `node` for an agent.
 */
export function joinToken(clusterRoot: string, user: "server" | "node", secret: string): string {
  const hash = createHash("sha256").update(new X509Certificate(clusterRoot).raw).digest("hex");
  return `K10${hash}::${user}:${secret}`;
}
