import type { X509Certificate } from "node:crypto";
import { parseStrictly } from "../../shared/strict-json";
import { genesisHash, hashFits, lineOf, sha256, type LedgerRecord } from "../record";
import { headLine, isSignedHead, segmentKey, signatureFault, type Head } from "../segment";

/** Something is wrong with a segment: where exactly, and what. */
export interface Fault {
  /** Line of the object, from 1. */
  readonly line?: number;
  /** Sequence number of the record. */
  readonly sequence?: number;
  readonly what: string;
}

export interface Segment {
  readonly head: Head;
  readonly records: readonly LedgerRecord[];
}

const fault = (what: string, line?: number, sequence?: number): Fault => ({
  what,
  ...(line === undefined ? {} : { line }),
  ...(sequence === undefined ? {} : { sequence }),
});

function parsed(line: string): unknown {
  try {
    return parseStrictly(line);
  } catch {
    return undefined;
  }
}

/** What is wrong with one record after another, the first of it. */
function recordFault(records: readonly unknown[], lines: readonly string[], chain: string): Fault | undefined {
  let before: LedgerRecord | undefined;
  for (const [index, value] of records.entries()) {
    const line = index + 1;
    const record = value as LedgerRecord | undefined;
    if (typeof record !== "object" || record === null) return fault("it is no record", line);
    const { sequence } = record;
    if (record.chain !== chain) return fault(`it is a record of ${JSON.stringify(record.chain)}`, line, sequence);
    if (!hashFits(record)) return fault("its hash does not fit what it says: it was altered", line, sequence);
    if (lineOf(record) !== `${lines[index] ?? ""}\n`)
      return fault("it is not written as the ledger writes", line, sequence);
    if (before !== undefined && sequence !== before.sequence + 1) {
      return fault(`it follows ${before.sequence}: records are missing, repeated or in another order`, line, sequence);
    }
    if (before !== undefined && record.previous !== before.hash) {
      return fault("it does not name the hash of the record before it", line, sequence);
    }
    if (before !== undefined && record.time < before.time)
      return fault("its time is before that of the record before", line, sequence);
    before = record;
  }
  return undefined;
}

/**
 * Reads one object of the bucket and judges it by itself: signature, digest, and every record with its link.
 *
 * @param key the object's name, which its head has to bear out.
 */
export function readSegment(
  key: string,
  bytes: Buffer,
  roots: readonly X509Certificate[],
): { readonly segment: Segment } | { readonly fault: Fault } {
  const text = bytes.toString("utf8");
  if (!text.endsWith("\n"))
    return { fault: fault("it ends in the middle of a line: it was cut short", text.split("\n").length) };
  const lines = text.slice(0, -1).split("\n");
  const signed = parsed(lines.at(-1) ?? "");
  if (!isSignedHead(signed)) return { fault: fault("no head ends it: it was cut short", lines.length) };
  const { head, certificates, signature } = signed;
  const values = lines.slice(0, -1).map(parsed);
  const wrong = recordFault(values, lines, head.chain);
  const unsigned = signatureFault(signed, roots);
  if (unsigned !== undefined) return { fault: wrong ?? fault(unsigned, lines.length) };
  if (wrong !== undefined) return { fault: wrong };
  const records = values as LedgerRecord[];
  const [first, last] = [records[0], records.at(-1)];
  const whole = Buffer.byteLength(`${lines.slice(0, -1).join("\n")}\n`);
  // Built of the three fields alone: a fourth beside them would be under no signature.
  if (headLine({ head, certificates, signature }) !== `${lines.at(-1) ?? ""}\n`)
    return { fault: fault("its head is not written as the ledger writes", lines.length) };
  if (head.first !== first?.sequence || head.last !== last?.sequence || head.hash !== last.hash) {
    return {
      fault: fault(
        `its head counts records ${head.first} to ${head.last}, and it holds ${first?.sequence ?? "none"} to ${last?.sequence ?? "none"}`,
        lines.length,
      ),
    };
  }
  if (head.records !== sha256(bytes.subarray(0, whole)))
    return { fault: fault("its records are not those that its head was signed for", lines.length) };
  if (first.sequence === 1 && first.previous !== genesisHash(head.chain))
    return { fault: fault("its first record does not begin the chain", 1, 1) };
  if (segmentKey(head) !== key)
    return {
      fault: fault(`it is segment ${head.segment} of ${head.chain} under another name: it was replayed`, lines.length),
    };
  return { segment: { head, records } };
}
