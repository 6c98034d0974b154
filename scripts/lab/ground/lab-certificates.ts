import { webcrypto } from "node:crypto";
import { leafSpecifications, type LeafArgs, type LeafSpecification } from "../../../components/certificates";
import type { Authorities } from "../../../components/foundation/pki/pki-plan";
import type { LeafCertificate } from "../../../components/substrate";
import * as x509 from "../../../rehearsal/providers/tls/x509";
import { holdCeremony, makeRoots } from "../../pki/ceremony";

const authorityAlgorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
const hour = 3_600_000;
/** A lab is thrown away before they end. */
const lifeHours = 30 * 24;

const usages = { server_auth: x509.ExtendedKeyUsage.serverAuth, client_auth: x509.ExtendedKeyUsage.clientAuth };

/** Circles of trust and certificates of a lab: of the very names that an environment's foundation issues, and thrown away. */
export class LabCertificates {
  private serial = 0;

  private constructor(public readonly authorities: Authorities) {}

  public static async make(organisation: string): Promise<LabCertificates> {
    const now = new Date(Date.now() - hour);
    return new LabCertificates(await holdCeremony(await makeRoots(organisation, "lab", now), organisation, now));
  }

  /** Every certificate of the platform's hops, by the name under which the Substrate hands it out. */
  public async leaves(args: LeafArgs): Promise<Record<string, LeafCertificate>> {
    const leaves: Record<string, LeafCertificate> = {};
    for (const [name, specification] of Object.entries(leafSpecifications(args))) {
      leaves[name] = await this.issue(specification);
    }
    return leaves;
  }

  public async issue({
    authority,
    commonName,
    dnsNames,
    uses,
    algorithm,
  }: LeafSpecification): Promise<LeafCertificate> {
    const { certificate, privateKey } = this.authorities[authority];
    const issuer = new x509.X509Certificate(certificate);
    const bytes = x509.PemConverter.decodeFirst(privateKey);
    const signingKey = await webcrypto.subtle.importKey("pkcs8", bytes, authorityAlgorithm, false, ["sign"]);
    const own = algorithm === "ED25519" ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
    const keys = (await webcrypto.subtle.generateKey(own, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const notAfter = new Date(Date.now() + lifeHours * hour);
    const leaf = await x509.X509CertificateGenerator.create(
      {
        serialNumber: `${(this.serial += 1)}`.padStart(4, "0"),
        subject: `CN=${commonName}`,
        issuer: issuer.subject,
        notBefore: new Date(Date.now() - hour),
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
}
