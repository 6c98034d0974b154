import type { X509Certificate } from "node:crypto";
import { sha256, type LedgerRecord } from "../record";
import { firstPrevious, headHash, type Head } from "../segment";
import { readSegment, type Segment } from "./read-segment";
import type { LedgerSource, Listed } from "./source";

/**
 * - `invalid`: something is there that the ledger did not write so;
 * - `gap`: something is not there, with something after it;
 * - `missing`: the end is not there, as a witness shows;
 * - `sound`: all of it is as it was written, up to the last head.
 */
export type Verdict = "sound" | "missing" | "gap" | "invalid";
const worst: readonly Verdict[] = ["sound", "missing", "gap", "invalid"];
export const worse = (left: Verdict, right: Verdict): Verdict =>
  worst.indexOf(left) > worst.indexOf(right) ? left : right;

export interface LedgerFinding {
  readonly verdict: Exclude<Verdict, "sound">;
  /** The exact place: an object, and within it a line and a record. */
  readonly where: string;
  readonly what: string;
}

export interface ChainReport {
  readonly chain: string;
  readonly verdict: Verdict;
  readonly segments: number;
  readonly records: number;
  /** The newest head in the bucket: nothing after it is proven. */
  readonly head?: { readonly segment: number; readonly last: number; readonly hash: string; readonly time: string };
  /** Longest time between a record and the head that anchors it, milliseconds: what a loss of the disk could have cost. */
  readonly longestUnanchored: number;
  readonly findings: readonly LedgerFinding[];
  /** What is worth knowing and no fault. */
  readonly notes: readonly string[];
}

export interface VerifyReport {
  readonly source: string;
  readonly verdict: Verdict;
  readonly chains: readonly ChainReport[];
  /** What belongs to no chain. */
  readonly findings: readonly LedgerFinding[];
}

/** A head that somebody else kept. */
export interface Witnessed {
  readonly chain: string;
  readonly segment: number;
  /** Hash of the head. */
  readonly head: string;
}

export interface VerifyOptions {
  /** Roots of the authorities that say who may sign; all of the ledger is proven with nothing else. */
  readonly roots: readonly X509Certificate[];
  readonly witnessed?: readonly Witnessed[];
  /** Given each record of a segment that proved sound. */
  readonly onRecord?: (record: LedgerRecord) => void;
  /** Segments read so far. */
  readonly onProgress?: (segments: number) => void;
}

const namePattern = /^ledger\/([^/]+)\/(\d{10})\.[0-9a-f]{16}\.ndjson$/;

/** Objects of a chain, by the number of the segment that their names give. */
type Numbered = Map<number, Listed[]>;

/** Reads a whole ledger, and says what of it is as it was written. Needs nothing but the objects and a public key. */
export async function verifyLedger(source: LedgerSource, options: VerifyOptions): Promise<VerifyReport> {
  const chains = new Map<string, Numbered>();
  const foreign: LedgerFinding[] = [];
  for await (const listed of source.list()) {
    const [, chain, segment] = namePattern.exec(listed.key) ?? [];
    if (chain === undefined || segment === undefined) {
      foreign.push({
        verdict: "invalid",
        where: listed.key,
        what: "it is no segment of a ledger: somebody put it there",
      });
      continue;
    }
    const numbered = chains.get(chain) ?? new Map<number, Listed[]>();
    chains.set(chain, numbered);
    const same = numbered.get(Number(segment));
    if (same === undefined) numbered.set(Number(segment), [listed]);
    else same.push(listed);
  }
  const reports: ChainReport[] = [];
  let done = 0;
  const progress = (): void => options.onProgress?.((done += 1));
  for (const [chain, objects] of [...chains].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const witnessed = (options.witnessed ?? []).filter((one) => one.chain === chain);
    reports.push(await new ChainReader(chain, source, options, progress).read(objects, witnessed));
  }
  const absent = new Set((options.witnessed ?? []).map(({ chain }) => chain).filter((chain) => !chains.has(chain)));
  for (const chain of absent) {
    foreign.push({
      verdict: "missing",
      where: `ledger/${chain}/`,
      what: "a witness saw this chain, and nothing of it is there",
    });
  }
  if (reports.length === 0 && foreign.length === 0) {
    foreign.push({ verdict: "missing", where: "ledger/", what: "there is no chain at all" });
  }
  const verdict = [...reports, ...foreign].map((one) => one.verdict).reduce(worse, "sound");
  return { source: source.name, verdict, chains: reports, findings: foreign };
}

/** Reads one chain from its first segment to its last. */
class ChainReader {
  private readonly findings: LedgerFinding[] = [];
  private readonly notes: string[] = [];
  private before: Segment | undefined;
  private expected = 1;
  private segments = 0;
  private records = 0;
  private longestUnanchored = 0;
  private readonly heads = new Map<number, string>();

  public constructor(
    private readonly chain: string,
    private readonly source: LedgerSource,
    private readonly options: VerifyOptions,
    private readonly progress: () => void,
  ) {}

  public async read(objects: Numbered, witnessed: readonly Witnessed[]): Promise<ChainReport> {
    for (const [number, listed] of [...objects].sort(([left], [right]) => left - right)) {
      for (const { key } of listed.filter(({ deleteMarker }) => deleteMarker === true)) {
        this.notes.push(`${key}: somebody tried to delete it; the locked version is still there`);
      }
      const versions = listed.filter(({ deleteMarker }) => deleteMarker !== true);
      if (versions.length === 0) continue;
      if (number > this.expected) this.missingSegments(this.expected, number - 1);
      await this.take(number, versions);
      this.expected = number + 1;
    }
    for (const witness of witnessed) this.compare(witness);
    const head = this.before?.head;
    return {
      chain: this.chain,
      verdict: this.findings.map((one) => one.verdict).reduce<Verdict>(worse, "sound"),
      segments: this.segments,
      records: this.records,
      ...(head === undefined
        ? {}
        : { head: { segment: head.segment, last: head.last, hash: headHash(head), time: head.time } }),
      longestUnanchored: this.longestUnanchored,
      findings: this.findings,
      notes: this.notes,
    };
  }

  private find(verdict: LedgerFinding["verdict"], where: string, what: string): void {
    this.findings.push({ verdict, where, what });
  }

  private missingSegments(from: number, to: number): void {
    const which = from === to ? `segment ${from} is` : `segments ${from} to ${to} are`;
    this.find("gap", `ledger/${this.chain}/`, `${which} not there${this.afterWhat()}`);
    this.before = undefined;
  }

  private afterWhat(): string {
    return this.before === undefined ? "" : `: the records after ${this.before.head.last} are lost`;
  }

  /** All that stands under one number: one segment, or a segment and what somebody put beside it. */
  private async take(number: number, listed: readonly Listed[]): Promise<void> {
    const seen = new Set<string>();
    const sound: Segment[] = [];
    for (const one of listed) {
      const { bytes, lock } = await this.source.fetch(one);
      this.progress();
      // The same bytes twice are one segment, sent again after an answer that was lost.
      const digest = `${one.key} ${sha256(bytes)}`;
      if (seen.has(digest)) continue;
      seen.add(digest);
      const found = readSegment(one.key, bytes, this.options.roots);
      const where = one.version === undefined || listed.length === 1 ? one.key : `${one.key} version ${one.version}`;
      if ("fault" in found) {
        const { line, sequence, what } = found.fault;
        const place = [
          line === undefined ? [] : `line ${line}`,
          sequence === undefined ? [] : `record ${sequence}`,
        ].flat();
        this.find("invalid", [where, ...place].join(", "), what);
        continue;
      }
      if (lock !== undefined && lock.mode !== "COMPLIANCE") {
        this.find("invalid", where, `it is under ${lock.mode ?? "no"} lock, not COMPLIANCE: it can be deleted`);
      }
      sound.push(found.segment);
    }
    const linked = sound.filter((segment) => this.links(segment.head, segment.records));
    if (sound.length > 1) {
      this.find(
        "invalid",
        `ledger/${this.chain}/ segment ${number}`,
        `the chain forks: ${sound.length} segments with this number are signed`,
      );
    }
    const chosen = linked[0] ?? sound[0];
    if (chosen === undefined) {
      this.before = undefined;
      return;
    }
    if (linked.length === 0) this.unlinked(chosen);
    this.accept(chosen);
  }

  private links(head: Head, records: readonly LedgerRecord[]): boolean {
    if (this.before === undefined) return head.segment > 1 || head.previous === firstPrevious;
    const { head: last } = this.before;
    return head.previous === headHash(last) && head.first === last.last + 1 && records[0]?.previous === last.hash;
  }

  private unlinked({ head }: Segment): void {
    const after = this.before === undefined ? "the beginning" : `segment ${this.before.head.segment}`;
    this.find(
      "invalid",
      `ledger/${this.chain}/ segment ${head.segment}, record ${head.first}`,
      `it does not follow ${after}: the chain forks here`,
    );
  }

  private accept(segment: Segment): void {
    this.before = segment;
    this.segments += 1;
    this.records += segment.records.length;
    this.heads.set(segment.head.segment, headHash(segment.head));
    const [first] = segment.records;
    const open = first === undefined ? 0 : Date.parse(segment.head.time) - Date.parse(first.time);
    this.longestUnanchored = Math.max(this.longestUnanchored, open);
    for (const record of segment.records) this.options.onRecord?.(record);
  }

  private compare({ segment, head }: Witnessed): void {
    const own = this.heads.get(segment);
    const last = this.before?.head;
    if (own === undefined && segment >= this.expected) {
      const what = `a witness saw segment ${segment}, and the bucket ends with ${last?.segment ?? "nothing"}`;
      this.find("missing", `ledger/${this.chain}/ segment ${segment}`, what);
    } else if (own !== undefined && own !== head) {
      this.find(
        "invalid",
        `ledger/${this.chain}/ segment ${segment}`,
        "a witness saw another head: the chain was written anew",
      );
    }
  }
}
