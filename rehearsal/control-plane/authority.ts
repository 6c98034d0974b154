import "reflect-metadata";
import { type webcrypto, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
import { writePrivateFile } from "../processes/private-file";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
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

/** A certificate authority of one rehearsal. Its key never leaves the rehearsal's directory. */
export class Authority {
  private constructor(
    readonly path: string,
    private readonly root: X509Certificate,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  /** The authority's certificate, PEM. */
  get certificate(): string {
    return this.root.toString("pem");
  }

  /** Reads the authority that an earlier run left in the directory, or makes one. */
  static async open(directory: string, name: string): Promise<Authority> {
    const path = join(directory, `${name}.crt`);
    const keyPath = join(directory, `${name}.key`);
    return (await Authority.read(path, keyPath)) ?? (await Authority.make(path, keyPath, name));
  }

  private static async read(path: string, keyPath: string): Promise<Authority | undefined> {
    try {
      const root = new X509Certificate(readFileSync(path, "utf8"));
      if (root.notAfter.getTime() < Date.now() + RENEW_BEFORE_HOURS * HOUR) return undefined;
      const der = PemConverter.decodeFirst(readFileSync(keyPath, "utf8"));
      return new Authority(path, root, await crypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  private static async make(path: string, keyPath: string, name: string): Promise<Authority> {
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
    writePrivateFile(keyPath, await privateKeyPem(keys.privateKey));
    writePrivateFile(path, root.toString("pem"));
    return new Authority(path, root, keys.privateKey);
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
      issuer: this.root.subjectName,
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension(
          leaf.usages.map((usage) => (usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth)),
        ),
        await AuthorityKeyIdentifierExtension.create(this.root),
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
