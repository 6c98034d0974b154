import { createHash } from "node:crypto";

/** The namespace of the kit's identifiers: a UUID of our own, fixed so that the same thing always gets the same one. */
const namespace = Buffer.from("5f0f0b5ec2d14c5f9f0e6a3c7b1d2e4f", "hex");

/** A version 5 UUID (RFC 9562) of some text: a second run over the same facts gives the same identifiers. */
export function identifier(...parts: readonly string[]): string {
  const digest = createHash("sha1").update(namespace).update(parts.join("\0")).digest().subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
