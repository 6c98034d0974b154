import { createPrivateKey, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * A key of 32 bytes for one purpose, from a certificate's private key (PEM file): all copies of a service hold that, and
 * nobody else does. With a renewed certificate it is another.
 */
export function derivedKey(file: string, purpose: string): Buffer {
  const secret = createPrivateKey(readFileSync(file)).export({ type: "pkcs8", format: "der" });
  return Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
}
