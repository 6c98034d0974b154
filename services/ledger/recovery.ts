import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStrictly } from "../shared/strict-json";
import { syncFolder } from "./journal";
import { chainPattern, genesisHash, hashFits, lineOf, sha256, type LedgerRecord } from "./record";
import { firstPrevious, headHash, headLine, isSignedHead, type Head } from "./segment";

/** What is on the disk is not what this ledger wrote; it does not start, so that nobody builds on it. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

export interface Recovered {
  readonly chain: string;
  /** Last record of the chain; undefined where it has none. */
  readonly last: LedgerRecord | undefined;
  /** Head of the last sealed segment. */
  readonly head: Head | undefined;
  /** Bytes of the segment that was being written, whole lines only. */
  readonly open: Buffer;
  /** Sealed segments that the bucket may lack, oldest first. */
  readonly unanchored: readonly number[];
  /** Sealed segments on the disk that the bucket has. */
  readonly anchored: readonly number[];
  /** Records that are still on the disk, oldest first. */
  readonly records: readonly LedgerRecord[];
  /** Bytes at the end that no acknowledged record can have been: a write that a crash cut short. */
  readonly tornBytes: number;
}

/** The chain's name, drawn when the disk is new and kept on it. */
export async function chainOn(data: string, replica: string): Promise<string> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const path = join(data, "chain");
  if (existsSync(path)) {
    const chain = readFileSync(path, "utf8").trim();
    if (!chainPattern.test(chain) || !chain.startsWith(`${replica}.`)) {
      throw new JournalDamaged(`${path} names the chain ${JSON.stringify(chain)}, which is none of ${replica}'s`);
    }
    return chain;
  }
  if (existsSync(join(data, "journal")) && readdirSync(join(data, "journal")).length > 0) {
    throw new JournalDamaged(`${path} is missing, and the journal beside it is not empty`);
  }
  const chain = `${replica}.${randomBytes(4).toString("hex")}`;
  await writeFile(`${path}.new`, `${chain}\n`, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
  await syncFolder(data);
  return chain;
}

interface Reading {
  last: LedgerRecord | undefined;
  head: Head | undefined;
  /** Head of a segment before the oldest one on the disk is unknown: the first that is read is believed. */
  readonly records: LedgerRecord[];
}

/**
 * Reads a chain from the disk, checks every link, and cuts off what a crash left half written.
 *
 * @throws JournalDamaged with the segment and the line, where anything else is wrong.
 */
export async function recover(data: string, chain: string): Promise<Recovered> {
  const folder = join(data, "journal");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .sort();
  const reading: Reading = { last: undefined, head: undefined, records: [] };
  const unanchored: number[] = [];
  const anchored: number[] = [];
  let openBytes: Buffer = Buffer.alloc(0);
  let tornBytes = 0;
  for (const [index, file] of files.entries()) {
    const path = join(folder, file);
    const bytes = readFileSync(path);
    const segment = Number(file.slice(0, 10));
    if (reading.head !== undefined && segment !== reading.head.segment + 1) {
      throw new JournalDamaged(`segment ${reading.head.segment + 1} is missing before ${file}`);
    }
    const newest = index === files.length - 1 && !file.includes(".anchored.");
    const { sealed, kept } = readSegment(file, bytes, chain, newest, reading);
    if (sealed) (file.includes(".anchored.") ? anchored : unanchored).push(segment);
    if (sealed) continue;
    tornBytes = bytes.length - kept;
    openBytes = bytes.subarray(0, kept);
    if (tornBytes > 0) await cut(path, kept);
  }
  return { chain, ...reading, open: openBytes, unanchored, anchored, tornBytes };
}

async function cut(path: string, length: number): Promise<void> {
  const handle = await open(path, "r+");
  await handle.truncate(length);
  await handle.sync();
  await handle.close();
}

/** Reads one file into `reading`. @returns whether a head ends it, and how many of its bytes are whole lines. */
function readSegment(
  file: string,
  bytes: Buffer,
  chain: string,
  newest: boolean,
  reading: Reading,
): { sealed: boolean; kept: number } {
  let at = 0;
  let number = 0;
  let first: number | undefined;
  while (at < bytes.length) {
    number += 1;
    const end = bytes.indexOf(0x0a, at);
    const value = end < 0 ? undefined : parsed(bytes.subarray(at, end));
    if (isSignedHead(value)) {
      const { head } = value;
      const before = reading.head;
      const fits =
        headLine(value) === bytes.toString("utf8", at, end + 1) &&
        head.chain === chain &&
        head.segment === Number(file.slice(0, 10)) &&
        head.records === sha256(bytes.subarray(0, at)) &&
        head.first === first &&
        head.hash === reading.last?.hash &&
        (before === undefined
          ? head.segment > 1 || head.previous === firstPrevious
          : head.previous === headHash(before));
      if (!fits || end + 1 !== bytes.length) throw new JournalDamaged(`${file} line ${number}: the head does not fit`);
      reading.head = head;
      return { sealed: true, kept: bytes.length };
    }
    const record = value as LedgerRecord | undefined;
    if (record === undefined || !follows(record, bytes.toString("utf8", at, end + 1), chain, reading.last)) {
      // A crash tears the end of the newest file alone. A whole record behind the tear was acknowledged: this is no crash.
      if (!newest || holdsRecord(bytes.subarray(end < 0 ? bytes.length : end + 1), chain)) {
        throw new JournalDamaged(`${file} line ${number}: the record does not follow the one before it`);
      }
      return { sealed: false, kept: at };
    }
    first ??= record.sequence;
    reading.last = record;
    reading.records.push(record);
    at = end + 1;
  }
  if (!newest) throw new JournalDamaged(`${file} ends without a head`);
  return { sealed: false, kept: at };
}

function parsed(line: Buffer): unknown {
  try {
    return parseStrictly(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

function follows(record: LedgerRecord, line: string, chain: string, last: LedgerRecord | undefined): boolean {
  if (typeof record !== "object" || record === null || record.chain !== chain || !hashFits(record)) return false;
  if (lineOf(record) !== line) return false;
  // Older segments leave the disk once they are anchored: then the first one that is there is where reading begins.
  if (last === undefined) return record.sequence > 1 || record.previous === genesisHash(chain);
  return record.sequence === last.sequence + 1 && record.previous === last.hash;
}

const holdsRecord = (bytes: Buffer, chain: string): boolean =>
  bytes
    .toString("utf8")
    .split("\n")
    .some((line) => {
      const value = parsed(Buffer.from(line)) as LedgerRecord | undefined;
      return typeof value === "object" && value !== null && value.chain === chain && hashFits(value);
    });
