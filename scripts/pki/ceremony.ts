import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate as NodeCertificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { authorityNames } from "../../components/certificates";
import type { Authorities } from "../../components/foundation/pki/pki-plan";

/** The root: its key leaves this process only encrypted, and only towards the file that goes offline. */
export interface Root {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8, in clear: encrypt it before it is written. */
  readonly privateKey: string;
}

/** Ten years for the root, two for an intermediate: renewed by another ceremony long before it ends. */
const rootDays = 3650;
const intermediateDays = 730;

const algorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } as const;
const day = 24 * 60 * 60 * 1000;

const serial = (): string => {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  // The highest bit stays clear: a serial number is positive.
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString("hex");
};

const generateKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ type: "pkcs8", format: "pem" })
    .toString();
}

const importKey = (pem: string) =>
  webcrypto.subtle.importKey("pkcs8", createPrivateKey(pem).export({ type: "pkcs8", format: "der" }), algorithm, true, [
    "sign",
  ]);

const usages = (): x509.KeyUsagesExtension =>
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true);

/** Makes a root for one environment. */
export async function makeRoot(organisation: string, environment: string, now: Date): Promise<Root> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${environment} root, O=${organisation}`,
    notBefore: now,
    notAfter: new Date(now.getTime() + rootDays * day),
    signingAlgorithm: algorithm,
    keys: keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      usages(),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem") + "\n", privateKey: await exportKey(keys.privateKey) };
}

/**
 * The ceremony: the root signs an intermediate for each circle of trust. What it returns holds the intermediates' keys and
 * the root's certificate, never the root's key.
 */
export async function holdCeremony(root: Root, organisation: string, now: Date): Promise<Authorities> {
  const issuer = new x509.X509Certificate(root.certificate);
  const signingKey = await importKey(root.privateKey);
  const made = await Promise.all(
    authorityNames.map(async (name) => {
      const keys = await generateKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: `CN=${name}, O=${organisation}`,
        issuer: issuer.subject,
        notBefore: now,
        notAfter: new Date(now.getTime() + intermediateDays * day),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: signingKey,
        extensions: [
          // It may issue leaves and no further authority.
          new x509.BasicConstraintsExtension(true, 0, true),
          usages(),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(issuer),
        ],
      });
      return [
        name,
        { certificate: certificate.toString("pem") + "\n", privateKey: await exportKey(keys.privateKey) },
      ] as const;
    }),
  );
  return { root: root.certificate, intermediates: Object.fromEntries(made) as Authorities["intermediates"] };
}

/** The root's key as a file that only its passphrase opens. */
export function sealRoot(root: Root, passphrase: string): string {
  const key = createPrivateKey(root.privateKey);
  return root.certificate + key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
}

/**
 * Opens a sealed root.
 *
 * @throws Error when the passphrase is wrong or the file is no root.
 */
export function openRoot(sealed: string, passphrase: string): Root {
  const certificate = new NodeCertificate(sealed).toString();
  const start = sealed.indexOf("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  if (start < 0) throw new Error("the file holds no encrypted private key");
  const key = createPrivateKey({ key: sealed.slice(start), passphrase });
  return { certificate, privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() };
}
