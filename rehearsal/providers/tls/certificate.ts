import { createPublicKey, randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Name,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "./x509";
import type { Extension } from "./x509";
import { signingKey } from "./keys";
import { usageExtensions } from "./usages";

const crypto = webcrypto;
const subjectKeyIdentifier = "2.5.29.14";
const subjectAlternativeName = "2.5.29.17";

export interface Subject {
  readonly commonName?: string;
  readonly country?: string;
  readonly emailAddress?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly postalCode?: string;
  readonly province?: string;
  readonly serialNumber?: string;
  readonly streetAddresses?: readonly string[];
}

export interface Names {
  readonly subject?: Subject;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
}

export interface CertificateTerms {
  readonly allowedUses: readonly string[];
  readonly validityPeriodHours: number;
  readonly isCaCertificate: boolean;
  /** How many authorities may follow below; -1 sets no limit. */
  readonly maxPathLength: number;
  readonly setSubjectKeyId: boolean;
  readonly setAuthorityKeyId?: boolean;
}

export interface IssuedCertificate {
  /** The serial number in decimal. */
  readonly id: string;
  readonly certPem: string;
  readonly validityStartTime: string;
  readonly validityEndTime: string;
}

/** In the order the official provider writes them, which is what tools print. */
function distinguishedName(subject: Subject = {}): Name {
  const parts: [string, string | undefined][] = [
    ["C", subject.country],
    ["O", subject.organization],
    ["OU", subject.organizationalUnit],
    ["L", subject.locality],
    ["ST", subject.province],
    ...(subject.streetAddresses ?? []).map((street): [string, string] => ["2.5.4.9", street]),
    ["2.5.4.17", subject.postalCode],
    ["CN", subject.commonName],
    ["2.5.4.5", subject.serialNumber],
    ["E", subject.emailAddress],
  ];
  return new Name(parts.flatMap(([type, value]) => (value ? [{ [type]: [value] }] : [])));
}

function alternativeNames(names: Names): Extension[] {
  const items = [
    ...(names.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(names.ipAddresses ?? []).map((value) => ({ type: "ip" as const, value })),
    ...(names.uris ?? []).map((value) => ({ type: "url" as const, value })),
  ];
  // RFC 5280 makes it critical where the subject is empty: then it is the only name.
  const critical = distinguishedName(names.subject).toString() === "";
  return items.length ? [new SubjectAlternativeNameExtension(items, critical)] : [];
}

/** Whole seconds, as X.509 times carry no more. */
const timestamp = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

function frame(terms: CertificateTerms, now: Date) {
  const start = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const end = new Date(start.getTime() + terms.validityPeriodHours * 3_600_000);
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40; // positive, and of constant length
  const pathLength = terms.isCaCertificate && terms.maxPathLength >= 0 ? terms.maxPathLength : undefined;
  return {
    issued: {
      id: BigInt(`0x${serial.toString("hex")}`).toString(),
      validityStartTime: timestamp(start),
      validityEndTime: timestamp(end),
    },
    dates: { serialNumber: serial.toString("hex"), notBefore: start, notAfter: end },
    extensions: [
      ...usageExtensions(terms.allowedUses),
      new BasicConstraintsExtension(terms.isCaCertificate, pathLength, true),
    ],
  };
}

const pemOf = (certificate: X509Certificate): string => `${certificate.toString("pem")}\n`;

export async function selfSign(
  privateKeyPem: string,
  names: Names,
  terms: CertificateTerms,
  now: Date,
): Promise<IssuedCertificate> {
  const { algorithm, pair } = await signingKey(privateKeyPem);
  const { issued, dates, extensions } = frame(terms, now);
  const keyId = await SubjectKeyIdentifierExtension.create(pair.publicKey, false, crypto);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...dates,
      name: distinguishedName(names.subject),
      keys: pair,
      signingAlgorithm: algorithm,
      extensions: [
        ...extensions,
        ...alternativeNames(names),
        // An authority always carries its key identifier: chains are built by it.
        ...(terms.isCaCertificate || terms.setSubjectKeyId ? [keyId] : []),
        ...(terms.setAuthorityKeyId ? [new AuthorityKeyIdentifierExtension(keyId.keyId)] : []),
      ],
    },
    crypto,
  );
  return { ...issued, certPem: pemOf(certificate) };
}

export async function request(privateKeyPem: string, names: Names): Promise<string> {
  const { algorithm, pair } = await signingKey(privateKeyPem);
  const made = await Pkcs10CertificateRequestGenerator.create(
    {
      name: distinguishedName(names.subject),
      keys: pair,
      signingAlgorithm: algorithm,
      extensions: alternativeNames(names),
    },
    crypto,
  );
  return `${made.toString("pem")}\n`;
}

/** Signs a request. Throws where the request's own signature is wrong or the key is not the authority's. */
export async function sign(
  requestPem: string,
  authority: { readonly certPem: string; readonly privateKeyPem: string },
  terms: CertificateTerms,
  now: Date,
): Promise<IssuedCertificate> {
  const asked = new Pkcs10CertificateRequest(requestPem);
  const issuer = new X509Certificate(authority.certPem);
  const { algorithm, pair } = await signingKey(authority.privateKeyPem);
  if (!(await asked.verify(crypto))) throw new Error("certRequestPem is not signed by the key it names");
  const { issued, dates, extensions } = frame(terms, now);
  const issuerKeyId = issuer.getExtension<SubjectKeyIdentifierExtension>(subjectKeyIdentifier)?.keyId;
  const alternative = asked.getExtension(subjectAlternativeName);
  const certificate = await X509CertificateGenerator.create(
    {
      ...dates,
      subject: asked.subjectName,
      issuer: issuer.subjectName,
      publicKey: asked.publicKey,
      signingKey: pair.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        ...extensions,
        ...(alternative ? [alternative] : []),
        ...(terms.isCaCertificate || terms.setSubjectKeyId
          ? [await SubjectKeyIdentifierExtension.create(asked.publicKey, false, crypto)]
          : []),
        ...(issuerKeyId ? [new AuthorityKeyIdentifierExtension(issuerKeyId)] : []),
      ],
    },
    crypto,
  );
  return { ...issued, certPem: pemOf(certificate) };
}

/** True where the private key belongs to the certificate. */
export function keyMatches(certPem: string, privateKeyPem: string): boolean {
  const spki = { format: "der", type: "spki" } as const;
  return createPublicKey(certPem).export(spki).equals(createPublicKey(privateKeyPem).export(spki));
}
