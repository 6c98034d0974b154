import { createPrivateKey, createPublicKey, sign } from "node:crypto";

/** An Ed25519 key of the tests alone: the fixed head of PKCS #8, and a seed of ones. */
const head = Buffer.from("302e020100300506032b657004220420", "hex");
const key = createPrivateKey({ key: Buffer.concat([head, Buffer.alloc(32, 1)]), format: "der", type: "pkcs8" });

/** Whose signature the tests' environment asks for. */
export const leakGateKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");

/** What the leak gate signs of a report on some weights, base64. */
export const leakGateSignature = (report: string, weights: string): string =>
  sign(null, Buffer.from(`cloister.dev/leak-gate/v1\n${report}\n${weights}\n`), key).toString("base64");
