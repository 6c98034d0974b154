import { X509Certificate, createHash } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from "jose";
import type { PublicKey } from "../../../../components/platform/gateway/envoy-identity";
import type { Shown } from "./circles";

export const issuerUrl = "https://login.example.internal";
export const audience = "cloister";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicKey;
}

export async function drawKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { kid, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" } };
}

/** By what a token names a certificate: RFC 8705, section 3.1. */
export const thumbprint = ({ chain }: Shown): string =>
  createHash("sha256").update(new X509Certificate(chain).raw).digest("base64url");

const seconds = (): number => Math.floor(Date.now() / 1000);

/** What a token of a person says, with some of it said otherwise; `undefined` leaves a claim out. */
export function claimsOf(shown: Shown, more: Record<string, unknown> = {}): JWTPayload {
  const all = {
    iss: issuerUrl,
    aud: audience,
    sub: "ada@example.com",
    groups: ["staff", "llm-users"],
    amr: ["pwd", "otp"],
    iat: seconds(),
    exp: seconds() + 300,
    cnf: { "x5t#S256": thumbprint(shown) },
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export const signed = (key: SigningKey, claims: JWTPayload, header: object = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: key.kid, ...header }).sign(key.privateKey);

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that nobody signed. */
export const unsigned = (claims: JWTPayload): string =>
  `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claims)}.`;

/** A token whose signature takes the public key for a shared secret. */
export const confused = (key: SigningKey, claims: JWTPayload): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", kid: key.kid })
    .sign(new TextEncoder().encode(JSON.stringify(key.publicKey)));
