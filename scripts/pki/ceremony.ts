import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate as NodeCertificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { authorityNames, intermediateTerms, type AuthorityName } from "../../components/certificates";
import type { Authorities, Authority } from "../../components/foundation/pki/pki-plan";

/** A root for each circle of trust. */
export type Roots = Readonly<Record<AuthorityName, Root>>;

/** One circle's root: its key leaves this process only encrypted, and only towards the file that goes offline. */
export interface Root {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8, in clear: encrypt it before it is written. */
  readonly privateKey: string;
}

/** Ten years for a root: the intermediates below it are renewed by another ceremony long before it ends. */
const rootDays = 3650;

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

const forEachCircle = async <T>(
  make: (name: AuthorityName) => Promise<T>,
): Promise<Readonly<Record<AuthorityName, T>>> =>
  Object.fromEntries(
    await Promise.all(authorityNames.map(async (name) => [name, await make(name)] as const)),
  ) as Record<AuthorityName, T>;

/** Makes the roots of one environment. */
export const makeRoots = (organisation: string, environment: string, now: Date): Promise<Roots> =>
  forEachCircle((name) => makeRoot(name, `CN=${environment} ${name} root, O=${organisation}`, now));

async function makeRoot(circle: AuthorityName, name: string, now: Date): Promise<Root> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name,
    notBefore: now,
    notAfter: new Date(now.getTime() + rootDays * day),
    signingAlgorithm: algorithm,
    keys: keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, intermediateTerms[circle].below + 1, true),
      usages(),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString("pem") + "\n", privateKey: await exportKey(keys.privateKey) };
}

/**
 * The ceremony: each root signs the intermediate of its circle. What it returns holds the intermediates' keys and the roots'
 * certificates, never a root's key.
 */
export const holdCeremony = (roots: Roots, organisation: string, now: Date): Promise<Authorities> =>
  forEachCircle((name) => makeIntermediate(name, roots[name], `CN=${name}, O=${organisation}`, now));

async function makeIntermediate(circle: AuthorityName, root: Root, subject: string, now: Date): Promise<Authority> {
  const issuer = new x509.X509Certificate(root.certificate);
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject,
    issuer: issuer.subject,
    notBefore: now,
    notAfter: new Date(now.getTime() + intermediateTerms[circle].days * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(root.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(true, intermediateTerms[circle].below, true),
      usages(),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return {
    root: root.certificate,
    certificate: certificate.toString("pem") + "\n",
    privateKey: await exportKey(keys.privateKey),
  };
}

const circleHeading = (name: AuthorityName): string => `circle: ${name}\n`;

/** The roots as a file that only its passphrase opens. */
export const sealRoots = (roots: Roots, passphrase: string): string =>
  authorityNames.map((name) => circleHeading(name) + sealRoot(roots[name], passphrase)).join("");

/**
 * Opens sealed roots.
 *
 * @throws Error when the passphrase is wrong, or the file does not hold a root for each circle.
 */
export function openRoots(sealed: string, passphrase: string): Roots {
  const opened = authorityNames.map((name) => {
    const [, part] = sealed.split(circleHeading(name));
    if (part === undefined) throw new Error(`the file holds no root of the circle ${name}`);
    return [name, openRoot(part, passphrase)] as const;
  });
  return Object.fromEntries(opened) as Record<AuthorityName, Root>;
}

function sealRoot(root: Root, passphrase: string): string {
  const sealed = createPrivateKey(root.privateKey).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase,
  });
  return root.certificate + sealed.toString();
}

function openRoot(sealed: string, passphrase: string): Root {
  const certificate = new NodeCertificate(sealed).toString();
  const end = "-----END ENCRYPTED PRIVATE KEY-----";
  const [start, stop] = [sealed.indexOf("-----BEGIN ENCRYPTED PRIVATE KEY-----"), sealed.indexOf(end)];
  if (start < 0 || stop < 0) throw new Error("the file holds no encrypted private key");
  const key = createPrivateKey({ key: sealed.slice(start, stop + end.length), passphrase });
  return { certificate, privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() };
}
