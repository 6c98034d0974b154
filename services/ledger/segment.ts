import { createPrivateKey, sign, verify, X509Certificate, type KeyObject } from "node:crypto";
import { canonical, type Plain } from "../shared/canonical";
import { sha256 } from "./record";

/**
 * The end of a segment: what it holds and what came before, signed. A segment is some lines of records and one line of
 * head; it is one object of the bucket, so the record and the proof of it are anchored together.
 */
export interface Head {
  readonly chain: string;
  /** Counts the chain's segments from 1 without a gap. */
  readonly segment: number;
  /** Sequence numbers of its first and last record. */
  readonly first: number;
  readonly last: number;
  /** Hash of its last record. */
  readonly hash: string;
  /** SHA-256 of the bytes of its records, line ends included. */
  readonly records: string;
  /** SHA-256 of the head before it in canonical form; 64 zeros for the first. */
  readonly previous: string;
  /** RFC 3339, UTC: when it was sealed. */
  readonly time: string;
}

export interface SignedHead {
  readonly head: Head;
  /** The signer's certificate and the intermediate that issued it, DER in base64: with a root alone all of it is proven. */
  readonly certificates: readonly string[];
  /** Ed25519 over the canonical form of head and certificates, base64. */
  readonly signature: string;
}

export const firstPrevious = "0".repeat(64);

const plain = (head: Head): Plain => head as unknown as Plain;

/** By what the next head names this one. */
export const headHash = (head: Head): string => sha256(canonical(plain(head)));

const whatIsSigned = (head: Head, certificates: readonly string[]): Buffer =>
  Buffer.from(canonical({ head: plain(head), certificates }));

/** Who signs heads: a key, and the certificates that say whose it is. */
export class Signer {
  private readonly key: KeyObject;
  private readonly certificates: readonly string[];

  /**
   * @param chain PEM: the certificate, then the intermediate that issued it.
   * @param key PEM, PKCS #8.
   * @throws Error where the key is no Ed25519 key or not the certificate's.
   */
  public constructor(chain: string, key: string) {
    this.key = createPrivateKey(key);
    const parts = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const certificates = parts.map((part) => new X509Certificate(part));
    if (this.key.asymmetricKeyType !== "ed25519") throw new Error("the key that signs heads is no Ed25519 key");
    if (certificates[0]?.checkPrivateKey(this.key) !== true)
      throw new Error("the key that signs heads is not its certificate's");
    this.certificates = certificates.map(({ raw }) => raw.toString("base64"));
  }

  public sign(head: Head): SignedHead {
    const { certificates } = this;
    const signature = sign(null, whatIsSigned(head, certificates), this.key).toString("base64");
    return { head, certificates, signature };
  }
}

/** Name in the certificate of whoever may sign heads. */
export const signerName = "ledger-signer.audit.svc";

/**
 * What is wrong with who signed a head; undefined where a trusted authority says who it was, and that they could then.
 *
 * @param roots authorities that are trusted.
 */
export function signatureFault(
  { head, certificates, signature }: SignedHead,
  roots: readonly X509Certificate[],
): string | undefined {
  let chain: X509Certificate[];
  try {
    chain = certificates.map((one) => new X509Certificate(Buffer.from(one, "base64")));
    if (chain.some(({ raw }, index) => raw.toString("base64") !== certificates[index]))
      return "its certificates cannot be read";
  } catch {
    return "its certificates cannot be read";
  }
  const [own] = chain;
  if (own === undefined) return "nobody's certificate is with its head";
  const signed = chain.every((one, index) => {
    const issuers = chain[index + 1] === undefined ? roots : [chain[index + 1] as X509Certificate];
    return issuers.some((issuer) => issuer.ca && one.checkIssued(issuer) && one.verify(issuer.publicKey));
  });
  if (!signed) return "no trusted authority issued the certificate that its head is signed with";
  if (own.checkHost(signerName) === undefined)
    return `its head is signed by ${own.subject.replaceAll("\n", " ")}, which is no ledger`;
  const at = Date.parse(head.time);
  const alive = chain.every(({ validFrom, validTo }) => Date.parse(validFrom) <= at && at <= Date.parse(validTo));
  if (!alive) return "the certificate that its head is signed with did not count at that time";
  const bytes = Buffer.from(signature, "base64");
  // The last digit of base64 has bits that no reader uses: only one of the texts that decode to a signature is it.
  if (bytes.toString("base64") !== signature)
    return "its signature is not written as the ledger writes: it was altered";
  const fits = verify(null, whatIsSigned(head, certificates), own.publicKey, bytes);
  return fits ? undefined : "the signature does not fit its head: it was altered";
}

export const headLine = (signed: SignedHead): string => `${canonical(signed as unknown as Plain)}\n`;

/** A segment's number as names have it, so that names sort as numbers do. */
export const paddedSegment = (segment: number): string => String(segment).padStart(10, "0");

/**
 * Name of a segment's object in the bucket. Its head's hash is in it: nobody can put something else there first, and a
 * second try after an answer that was lost writes the same bytes to the same name.
 */
export const segmentKey = (head: Head): string =>
  `ledger/${head.chain}/${paddedSegment(head.segment)}.${headHash(head).slice(0, 16)}.ndjson`;

export const isSignedHead = (value: unknown): value is SignedHead =>
  typeof value === "object" && value !== null && "head" in value && "signature" in value && "certificates" in value;
