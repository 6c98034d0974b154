import { webcrypto, X509Certificate as NodeCertificate } from "node:crypto";
import type { AuthorityName } from "../../../../components/certificates";
import type { Authorities } from "../../../../components/foundation/pki/pki-plan";
import * as x509 from "../../../../rehearsal/providers/tls/x509";
import { holdCeremony, makeRoots } from "../../../../scripts/pki/ceremony";
import { serialOf, signList } from "../../../../scripts/pki/revocation-list";

/** What one end of a connection shows. PEM. */
export interface Shown {
  readonly chain: string;
  readonly key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const authorityAlgorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
const uses = [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth];
const hour = 3_600_000;

/** The circles of trust of one environment, as its ceremony makes them, and certificates of each. */
export class Circles {
  private serial = 1;

  private constructor(private readonly authorities: Authorities) {}

  public static async make(): Promise<Circles> {
    const now = new Date(Date.now() - hour);
    return new Circles(await holdCeremony(await makeRoots("example", "test", now), "example", now));
  }

  /** What the other end must chain to, as a foundation bundles it. */
  public trust(name: AuthorityName): string {
    return this.authorities[name].root;
  }

  /**
   * A list of certificates that the intermediate of a circle took back, as `pki revoke` signs it. PEM.
   *
   * @param hours until the next one is due. Default: 24.
   */
  public revoke(name: AuthorityName, certificates: readonly Shown[], hours = 24): Promise<string> {
    const now = new Date();
    const since = new Date(now.getTime() - hour);
    const revoked = certificates.map(({ chain }) => ({
      serial: serialOf(new NodeCertificate(chain).serialNumber) ?? "",
      since,
    }));
    return signList(this.authorities[name], revoked, { now, days: hours / 24 });
  }

  private signingKey(name: AuthorityName): Promise<webcrypto.CryptoKey> {
    const bytes = x509.PemConverter.decodeFirst(this.authorities[name].privateKey);
    return webcrypto.subtle.importKey("pkcs8", bytes, authorityAlgorithm, false, ["sign"]);
  }

  public async issue(
    name: AuthorityName,
    dnsNames: readonly string[],
    kind: "P-256" | "Ed25519" = "P-256",
  ): Promise<Shown> {
    const { certificate } = this.authorities[name];
    const issuer = new x509.X509Certificate(certificate);
    const signingKey = await this.signingKey(name);
    const own = kind === "Ed25519" ? { name: "Ed25519" } : algorithm;
    const keys = (await webcrypto.subtle.generateKey(own, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
    const leaf = await x509.X509CertificateGenerator.create(
      {
        serialNumber: `${(this.serial += 1)}`.padStart(4, "0"),
        subject: `CN=${dnsNames[0] ?? "nobody"}`,
        issuer: issuer.subject,
        notBefore: new Date(Date.now() - hour),
        notAfter: new Date(Date.now() + 24 * hour),
        signingAlgorithm: authorityAlgorithm,
        publicKey: keys.publicKey,
        signingKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension(uses),
          new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns" as const, value }))),
          await x509.AuthorityKeyIdentifierExtension.create(issuer),
        ],
      },
      webcrypto,
    );
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
      chain: new NodeCertificate(leaf.toString("pem")).toString() + certificate,
      key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
    };
  }
}
