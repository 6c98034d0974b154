import { createHash } from "node:crypto";
import { canonical, type Plain } from "../shared/canonical";

/** One link of a chain, as it is written: a line of canonical JSON. */
export interface LedgerRecord {
  readonly version: 1;
  /** The chain it belongs to: the replica, then eight hexadecimal digits drawn when its disk was new. */
  readonly chain: string;
  /** Counts from 1 without a gap. */
  readonly sequence: number;
  /** RFC 3339, UTC, milliseconds. Never before that of the record before it, whatever the clock did. */
  readonly time: string;
  /** What the clock said, where it stood before the record before. */
  readonly clock?: string;
  /** Such as `request.asked`. */
  readonly kind: string;
  /** By which the writer finds it again: the same key is recorded once. */
  readonly key: string;
  /** DNS name in the writer's certificate; `ledger` where the ledger itself speaks. */
  readonly writer: string;
  /** Pseudonym of the person, 64 hexadecimal digits; nobody can tell whose once the key behind it is destroyed. */
  readonly subject?: string;
  /** Keyed digests, 64 hexadecimal digits each, under the same key. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly body: { readonly [key: string]: Plain };
  /** Hash of the record before; of the chain's name for the first. */
  readonly previous: string;
  /** SHA-256 of all of the above in canonical form, 64 hexadecimal digits. */
  readonly hash: string;
}

export type Unhashed = Omit<LedgerRecord, "hash">;

export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** What the first record of a chain names as the hash before it. */
export const genesisHash = (chain: string): string => sha256(`cloister ledger ${chain}`);

/** The record with its hash. */
export const sealRecord = (record: Unhashed): LedgerRecord => ({
  ...record,
  hash: sha256(canonical(record)),
});

/** The line that stands for a record, with its end. */
export const lineOf = (record: LedgerRecord): string => `${canonical(record as unknown as Plain)}\n`;

/** Whether a record's hash fits what it says. */
export function hashFits({ hash, ...rest }: LedgerRecord): boolean {
  try {
    return sha256(canonical(rest)) === hash;
  } catch {
    return false;
  }
}

/** Identifiers of chains and replicas: they become parts of file and object names. */
export const chainPattern = /^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?\.[0-9a-f]{8}$/;
