import "reflect-metadata";
import { createPrivateKey, type webcrypto, randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
/** Of each curve, the hash that is as strong. */
const hashOfCurve: Readonly<Record<string, string>> = { "P-256": "SHA-256", "P-384": "SHA-384" };
const HOUR = 3_600_000;
const AUTHORITY_HOURS = 365 * 24;
/** An authority with less left than this is made anew, so that no leaf outlives it. */
const RENEW_BEFORE_HOURS = 30 * 24;
/** Clocks differ a little; a certificate is valid from shortly before it was made. */
const BACKDATED_MS = 60_000;

export interface LeafTerms {
  readonly commonName: string;
  /** Kubernetes takes a client's groups from here. */
  readonly organizations?: readonly string[];
  readonly usages: readonly ("server" | "client")[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly hours: number;
}

/** A certificate and its private key, both PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** An authority as files hold it: both PEM; behind its own certificate may stand those up to its root. */
export type AuthorityFiles = Credential;

/** Issues the leaves that a control plane makes for itself, under an authority that it was given. */
export class Authority {
  private constructor(
    /** PEM: the authority, then whatever stands above it. */
    readonly certificate: string,
    private readonly own: X509Certificate,
    private readonly key: webcrypto.CryptoKey,
    private readonly signingAlgorithm: webcrypto.EcdsaParams,
  ) {}

  /** @throws Error where the key is of no curve that a certificate of the kit is made with. */
  static async open({ certificate, key }: AuthorityFiles): Promise<Authority> {
    const own = new X509Certificate(PemConverter.decodeFirst(certificate));
    const { namedCurve } = own.publicKey.algorithm as webcrypto.EcKeyAlgorithm;
    const hash = hashOfCurve[namedCurve];
    if (hash === undefined) throw new Error(`the key of ${own.subject} is of no curve that is known here`);
    const algorithm = { name: "ECDSA", namedCurve };
    const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
    const imported = await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
    return new Authority(certificate, own, imported, { name: "ECDSA", hash });
  }

  /** A self-signed authority of a rehearsal, for what no foundation brings authorities to. */
  static async make(name: string): Promise<AuthorityFiles> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const root = await X509CertificateGenerator.createSelfSigned({
      ...terms(AUTHORITY_HOURS),
      name: distinguishedName(`cloister rehearsal ${name}`),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { certificate: root.toString("pem"), key: await privateKeyPem(keys.privateKey) };
  }

  /** Whether an authority lives long enough to issue a rehearsal's leaves. */
  static outlives({ certificate }: AuthorityFiles): boolean {
    const { notAfter } = new X509Certificate(PemConverter.decodeFirst(certificate));
    return notAfter.getTime() > Date.now() + RENEW_BEFORE_HOURS * HOUR;
  }

  /** Signs a certificate for a new key. */
  async issue(leaf: LeafTerms): Promise<Credential> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const names = [
      ...(leaf.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
      ...(leaf.ipAddresses ?? []).map((value) => ({ type: "ip" as const, value })),
    ];
    const certificate = await X509CertificateGenerator.create({
      ...terms(leaf.hours),
      subject: distinguishedName(leaf.commonName, leaf.organizations),
      issuer: this.own.subjectName,
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: this.signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension(
          leaf.usages.map((usage) => (usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth)),
        ),
        await AuthorityKeyIdentifierExtension.create(this.own),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys.privateKey) };
  }
}

function terms(hours: number) {
  const now = Date.now();
  return {
    serialNumber: `00${randomBytes(16).toString("hex")}`,
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + hours * HOUR),
  };
}

function distinguishedName(commonName: string, organizations: readonly string[] = []): Name {
  return new Name([...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }]);
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}
