import { createHash, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
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
  /** SHA-256 of the public key that the signature fits (DER, SubjectPublicKeyInfo). */
  readonly key: string;
  /** Ed25519 over the canonical form of the head, base64. */
  readonly signature: string;
}

export const firstPrevious = "0".repeat(64);

const plain = (head: Head): Plain => head as unknown as Plain;

/** By what the next head names this one. */
export const headHash = (head: Head): string => sha256(canonical(plain(head)));

/** A key's name: SHA-256 of the public key. Takes either half of a pair. */
export const keyName = (key: KeyObject): string =>
  createHash("sha256")
    .update((key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" }))
    .digest("hex");

export const signHead = (head: Head, key: KeyObject): SignedHead => ({
  head,
  key: keyName(key),
  signature: sign(null, Buffer.from(canonical(plain(head))), key).toString("base64"),
});

export const headSigned = ({ head, signature }: SignedHead, key: KeyObject): boolean =>
  verify(null, Buffer.from(canonical(plain(head))), key, Buffer.from(signature, "base64"));

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
  typeof value === "object" && value !== null && "head" in value && "signature" in value;
