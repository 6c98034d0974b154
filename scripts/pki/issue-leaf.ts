import { webcrypto } from "node:crypto";
import type { LeafSpecification } from "../../components/certificates";
import type { Authority } from "../../components/foundation/pki/pki-plan";
import type { LeafCertificate } from "../../components/substrate";
import * as x509 from "../../rehearsal/providers/tls/x509";

const authorityAlgorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
const hour = 3_600_000;

const usages = { server_auth: x509.ExtendedKeyUsage.serverAuth, client_auth: x509.ExtendedKeyUsage.clientAuth };

export interface LeafTerms {
  /** Hexadecimal. */
  readonly serial: string;
  readonly now: Date;
  readonly lifeHours: number;
}

/** A serial number that nobody can guess, and no other certificate has. */
export function drawSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // The highest bit stays clear: a serial number is positive. The next one is set: none has leading zeros.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

/** Draws a key, and has the authority issue a certificate for it; it counts from an hour ago, for clocks that are behind. */
export async function issueLeaf(
  { certificate, privateKey }: Pick<Authority, "certificate" | "privateKey">,
  { commonName, dnsNames, uses, algorithm }: LeafSpecification,
  { serial, now, lifeHours }: LeafTerms,
): Promise<LeafCertificate> {
  const issuer = new x509.X509Certificate(certificate);
  const bytes = x509.PemConverter.decodeFirst(privateKey);
  const signingKey = await webcrypto.subtle.importKey("pkcs8", bytes, authorityAlgorithm, false, ["sign"]);
  const own = algorithm === "ED25519" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  const keys = (await webcrypto.subtle.generateKey(own, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const notAfter = new Date(now.getTime() + lifeHours * hour);
  const leaf = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serial,
      subject: `CN=${commonName}`,
      issuer: issuer.subject,
      notBefore: new Date(now.getTime() - hour),
      notAfter,
      signingAlgorithm: authorityAlgorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(uses.map((use) => usages[use])),
        new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns" as const, value }))),
        await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    chain: `${leaf.toString("pem")}\n${certificate}`,
    privateKey: `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`,
    notAfter: notAfter.toISOString(),
  };
}
