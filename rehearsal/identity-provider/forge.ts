import { createHash, createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import { CompactSign, importJWK, SignJWT, type JWTHeaderParameters, type JWTPayload } from "jose";
import { drawKey, type SigningAlgorithm, type SigningKey } from "./signing-key";

export interface ForgerArgs {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's key, for what is well signed and yet wrong. */
  readonly signingKey: SigningKey;
  /** PEM of the certificate that whoever shows the token has; of a chain, the first. */
  readonly certificate: string;
  /** PEM of another one, which they do not have. */
  readonly otherCertificate: string;
  readonly application: string;
  readonly person: { readonly name: string; readonly groups: readonly string[] };
  /** Where an attacker's keys would be fetched from. Default: an address that cannot exist. */
  readonly attackerAddress?: string;
}

type Claims = Record<string, unknown>;

/** By what a token names a certificate: RFC 8705, section 3.1. */
export const thumbprintOf = (certificate: string): string =>
  createHash("sha256").update(new X509Certificate(certificate).raw).digest("base64url");

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const wrongGroups = ["visitors"];

/** Every way of being wrong, by its name. Each differs from `genuine` in what its name says, and in nothing else. */
const forgeries = {
  "algorithm-none": (forger) => forger.unsigned("none"),
  "algorithm-none-in-capitals": (forger) => forger.unsigned("NONE"),
  "public-key-as-jwk-is-the-secret": ({ args: { signingKey }, ...forger }) =>
    forger.withSecret(JSON.stringify(signingKey.publicKey)),
} satisfies Record<string, (forger: Workshop) => Promise<string>>;
