import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Properties } from "../provider";
import { privateForm, publicForms } from "./openssh";

const curveNames = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;

export const keyAlgorithms = ["RSA", "ECDSA", "ED25519"] as const;
export const ecdsaCurves = Object.keys(curveNames) as [keyof typeof curveNames, ...(keyof typeof curveNames)[]];

export interface KeyInputs {
  readonly algorithm: (typeof keyAlgorithms)[number];
  readonly ecdsaCurve: keyof typeof curveNames;
  /** Modulus length in bits; read for RSA alone. */
  readonly rsaBits: number;
}

export function generateKey({ algorithm, ecdsaCurve, rsaBits }: KeyInputs): KeyObject {
  switch (algorithm) {
    case "RSA":
      return generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
    case "ECDSA":
      return generateKeyPairSync("ec", { namedCurve: curveNames[ecdsaCurve] }).privateKey;
    case "ED25519":
      return generateKeyPairSync("ed25519").privateKey;
  }
}

/** The identifier that the official provider gives a key or a request: a digest of its trimmed PEM. */
export const digestOf = (pem: string): string => createHash("sha1").update(pem.trim()).digest("hex");

/** `RSA`, `ECDSA` or `ED25519`. Throws on any other kind of key. */
export function algorithmOf(key: KeyObject): (typeof keyAlgorithms)[number] {
  const name = ({ rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" } as const)[key.asymmetricKeyType as "rsa"];
  if (!name) throw new Error(`a key of kind ${key.asymmetricKeyType ?? "unknown"}; use ${keyAlgorithms.join(", ")}`);
  return name;
}

const pem = (key: KeyObject, type: "pkcs1" | "sec1" | "pkcs8"): string =>
  key.export({ format: "pem", type: type }).toString();

/** Every encoding of one private key, under the names of the official provider. P-224 has no OpenSSH form. */
export function keyForms(key: KeyObject): Properties & { publicKeyPem: string } {
  const traditional = { RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const;
  const hasOpenssh = key.asymmetricKeyDetails?.namedCurve !== curveNames.P224;
  const openssh = hasOpenssh
    ? { ...publicForms(key), privateKeyOpenssh: privateForm(key) }
    : { publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "", privateKeyOpenssh: "" };
  return {
    privateKeyPem: pem(key, traditional[algorithmOf(key)]),
    privateKeyPemPkcs8: pem(key, "pkcs8"),
    publicKeyPem: createPublicKey(key).export({ format: "pem", type: "spki" }).toString(),
    ...openssh,
  };
}

type WebAlgorithm = webcrypto.AlgorithmIdentifier & { name: string; namedCurve?: string; hash?: string };

/** How a key signs: the digest grows with the curve. */
function webAlgorithm(key: KeyObject): WebAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (algorithmOf(key) === "RSA") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (algorithmOf(key) === "ED25519") return { name: "Ed25519" };
  if (curve === curveNames.P256) return { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  if (curve === curveNames.P384) return { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
  if (curve === curveNames.P521) return { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" };
  throw new Error(`certificates need a key on P256, P384 or P521; this one is on ${curve ?? "an unnamed curve"}`);
}

export interface SigningKey {
  readonly algorithm: WebAlgorithm;
  readonly pair: webcrypto.CryptoKeyPair;
}

/** Reads a PEM private key into what the X.509 library signs with. */
export async function signingKey(privateKeyPem: string): Promise<SigningKey> {
  const key = createPrivateKey(privateKeyPem);
  const algorithm = webAlgorithm(key);
  const { subtle } = webcrypto;
  const closed = key.export({ format: "der", type: "pkcs8" });
  const open = createPublicKey(key).export({ format: "der", type: "spki" });
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", closed, algorithm, false, ["sign"]),
    subtle.importKey("spki", open, algorithm, true, ["verify"]),
  ]);
  return { algorithm, pair: { privateKey, publicKey } };
}
