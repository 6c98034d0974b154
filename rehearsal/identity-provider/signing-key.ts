import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";

export const signingAlgorithms = ["ES256", "PS256", "RS256"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** Both halves as JWK, with the same `kid`, `alg` and `use`. */
export interface SigningKey {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

/** @param kid Default: 8 random bytes, hexadecimal. */
export async function drawKey(
  alg: SigningAlgorithm,
  kid: string = randomBytes(8).toString("hex"),
): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const names = { kid, alg, use: "sig" };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...names },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...names },
  };
}
