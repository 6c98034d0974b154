import { createPrivateKey, webcrypto, X509Certificate as NodeCertificate } from "node:crypto";
import type { Authority } from "../../components/foundation/pki/pki-plan";
import * as x509 from "../../rehearsal/providers/tls/x509";

/** A certificate that was taken back. */
export interface Revoked {
  /** Hexadecimal, lower case, without leading zeros. */
  readonly serial: string;
  readonly since: Date;
}

export interface RevocationList {
  readonly revoked: readonly Revoked[];
  /** From then on the list is overdue, and a door that follows it lets nobody in. */
  readonly nextUpdate: Date;
}

const algorithm = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" } as const;
const day = 86_400_000;
const hour = 3_600_000;
const numberExtension = "2.5.29.20";
/** The label that OpenSSL and Envoy look for; the library writes another. */
const label = "X509 CRL";

/** A serial number in the one way in which lists are compared; undefined where it is none. */
export function serialOf(text: string): string | undefined {
  const digits = text.replaceAll(":", "").replace(/^0x/i, "");
  return /^[0-9a-f]{1,40}$/i.test(digits) ? digits.toLowerCase().replace(/^0+(?=.)/, "") : undefined;
}

/** Whether an authority issued a certificate: by its signature, not by a name. */
export const issued = ({ certificate }: Pick<Authority, "certificate">, pem: string): boolean =>
  new NodeCertificate(pem).verify(new NodeCertificate(certificate).publicKey);

/**
 * Reads a list.
 *
 * @throws Error where it cannot be read, or another authority signed it.
 */
export async function readList(pem: string, { certificate }: Pick<Authority, "certificate">): Promise<RevocationList> {
  const list = new x509.X509Crl(x509.PemConverter.decodeFirst(pem));
  const signed = await list.verify({ publicKey: new x509.X509Certificate(certificate).publicKey }, webcrypto);
  if (!signed) throw new Error("another authority signed it");
  if (list.nextUpdate === undefined) throw new Error("it does not say until when it counts");
  const revoked = list.entries.map(({ serialNumber, revocationDate }) => ({
    serial: serialOf(serialNumber) ?? "",
    since: revocationDate,
  }));
  return { revoked, nextUpdate: list.nextUpdate };
}

/** Signs a list that counts for so many days from now. PEM. */
export async function signList(
  { certificate, privateKey }: Pick<Authority, "certificate" | "privateKey">,
  revoked: readonly Revoked[],
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<string> {
  const issuer = new x509.X509Certificate(certificate);
  const der = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
  const list = await x509.X509CrlGenerator.create(
    {
      issuer: issuer.subject,
      // A door whose clock is behind would take a list of this moment for one of the future, and let nobody in.
      thisUpdate: new Date(now.getTime() - hour),
      nextUpdate: new Date(now.getTime() + days * day),
      entries: revoked.map(({ serial, since }) => ({
        serialNumber: serial.length % 2 === 0 ? serial : `0${serial}`,
        revocationDate: since,
        // An entry without one is written with an empty list of extensions, which OpenSSL and Envoy refuse.
        reason: x509.X509CrlReason.keyCompromise,
      })),
      extensions: [
        await x509.AuthorityKeyIdentifierExtension.create(issuer),
        new x509.Extension(numberExtension, false, integer(Math.floor(now.getTime() / 1000))),
      ],
      signingAlgorithm: algorithm,
      signingKey: await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]),
    },
    webcrypto,
  );
  return `${x509.PemConverter.encode(list.rawData, label)}\n`;
}

/** A number above nought as DER writes it. */
function integer(value: number): ArrayBuffer {
  const digits = value.toString(16);
  const whole = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  // The highest bit would be a sign.
  const bytes = (whole[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), whole]) : whole;
  return new Uint8Array([2, bytes.length, ...bytes]).buffer;
}
