import { webcrypto } from "node:crypto";
import * as x509 from "../../rehearsal/providers/tls/x509";
import { authorityNames, intermediateTerms, type AuthorityName } from "../../components/certificates";
import type { Authorities, Authority } from "../../components/foundation/pki/pki-plan";

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

type KeyPair = Awaited<ReturnType<typeof webcrypto.subtle.generateKey>> & CryptoKeyPair;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

export interface Root {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<KeyPair>;

/** A root that lives for ten years from `now`. */
export async function makeRoot(now: number, name = "CN=Test root"): Promise<Root> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name,
    notBefore: new Date(now - day),
    notAfter: new Date(now + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { certificate, keys };
}

export interface IntermediateArgs {
  readonly root: Root;
  readonly name: AuthorityName;
  readonly now: number;
  /** Days from `now` to its end. */
  readonly days: number;
  /** False makes an ordinary certificate, which cannot issue. */
  readonly authority?: boolean;
}

export async function makeIntermediate({ root, name, now, days, authority = true }: IntermediateArgs) {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "02",
    subject: `CN=Test ${name}`,
    issuer: root.certificate.subject,
    notBefore: new Date(now - day),
    notAfter: new Date(now + days * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(authority, authority ? intermediateTerms[name].below : undefined, true),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    root: root.certificate.toString("pem"),
    certificate: certificate.toString("pem"),
    privateKey: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

/** Authorities as the offline ceremony hands them over: an application's intermediate alive for two years from `now`. */
export async function makeAuthorities(now: number): Promise<Authorities> {
  const made = await Promise.all(
    authorityNames.map(async (name) => {
      const root = await makeRoot(now, `CN=Test ${name} root`);
      return [name, await makeIntermediate({ root, name, now, days: name === "cluster" ? 1825 : 730 })] as const;
    }),
  );
  return Object.fromEntries(made) as Record<AuthorityName, Authority>;
}
