import { canonical, type Plain } from "../shared/canonical";
import { Refusal } from "../shared/http";
import { DiskFull, type Journal } from "./journal";
import type { Receipt } from "./kinds";
import type { LedgerMetrics } from "./metrics";
import { genesisHash, lineOf, sealRecord, sha256, type LedgerRecord } from "./record";
import type { Recovered } from "./recovery";
import { firstPrevious, headHash, headLine, type Head, type Signer } from "./segment";

/** What somebody wants on the record. */
export type Draft = Pick<LedgerRecord, "kind" | "key" | "writer" | "subject" | "digests" | "body">;

export interface ChainOptions {
  readonly journal: Journal;
  readonly signer: Signer;
  readonly queue: number;
  readonly sealAfterMilliseconds: number;
  readonly sealAfterBytes: number;
  readonly metrics: LedgerMetrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each sealed segment, oldest first. */
  readonly onSealed: (head: Head, bytes: Buffer) => void;
  /** The disk cannot be trusted any more: the process has to end. */
  readonly onBroken: (error: Error) => void;
}

interface Waiting {
  readonly draft: Draft;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
}

interface Remembered {
  readonly content: string;
  readonly receipt: Promise<Receipt>;
}

/** Keys that are known again; the oldest are forgotten first. A gigabyte of memory holds some millions. */
const mostRemembered = 250_000;
/** Records in one sync: more would make the first of them wait for the last. */
const largestBatch = 512;

const later = (left: string, right: string): string => (left > right ? left : right);
const receiptOf = ({ chain, sequence, hash }: LedgerRecord): Receipt => ({ chain, sequence, hash });
const contentOf = ({ kind, body, writer }: Pick<LedgerRecord, "kind" | "body" | "writer">): string =>
  sha256(canonical({ kind, body: body as Plain, writer }));

/** One replica's chain: drafts go in, and a receipt comes out once the record is on the disk. One sync serves many. */
export class Chain {
  private last: LedgerRecord | undefined;
  private head: Head | undefined;
  private firstOpen: number | undefined;
  private openedAt = 0;
  private readonly waiting: Waiting[] = [];
  private readonly remembered = new Map<string, Remembered>();
  private readonly asked = new Map<number, number>();
  private wake: (() => void) | undefined;
  private closing = false;
  private readonly ended: Promise<void>;

  public constructor(
    public readonly name: string,
    recovered: Recovered,
    private readonly options: ChainOptions,
  ) {
    this.last = recovered.last;
    this.head = recovered.head;
    this.openedAt = options.now();
    for (const record of recovered.records) {
      this.remember(record.key, { content: contentOf(record), receipt: Promise.resolve(receiptOf(record)) });
      this.follow(record);
      if (record.sequence > (this.head?.last ?? 0)) this.firstOpen ??= record.sequence;
    }
    this.ended = this.run().catch((error: unknown) => options.onBroken(error as Error));
  }

  /** Where the chain stands. */
  public get state() {
    return { chain: this.name, sequence: this.last?.sequence ?? 0, hash: this.last?.hash, head: this.head };
  }

  /** Requests that were asked before the given time (milliseconds since 1970) and have no answer on this chain. */
  public unanswered(before: number): Receipt["sequence"][] {
    return [...this.asked].filter(([, at]) => at < before).map(([sequence]) => sequence);
  }

  /**
   * Puts a draft on the record. The same key with the same content is recorded once, however often it is sent.
   *
   * @returns the receipt, once the record would outlive a power cut.
   * @throws Refusal 409 for a key that was used for something else, 503 where too many wait, 507 where the disk is full.
   */
  public append(draft: Draft): Promise<Receipt> {
    const content = contentOf(draft);
    const known = this.remembered.get(draft.key);
    if (known !== undefined) {
      if (known.content === content) return known.receipt;
      return Promise.reject(new Refusal(409, "key_reused", "The key was used for a record that says something else."));
    }
    if (this.closing) return Promise.reject(new Refusal(503, "stopping", "The ledger is stopping.", 1));
    if (this.waiting.length >= this.options.queue) {
      return Promise.reject(new Refusal(503, "queue_full", "Too many records wait for the disk.", 1));
    }
    const receipt = new Promise<Receipt>((resolve, reject) => this.waiting.push({ draft, resolve, reject }));
    this.remember(draft.key, { content, receipt });
    // What was not recorded may be tried again under the same key.
    receipt.catch(() => this.remembered.delete(draft.key));
    this.options.metrics.waiting.set(this.waiting.length);
    this.wake?.();
    return receipt;
  }

  /** Takes nothing more, writes what waits, seals, and ends. */
  public async close(): Promise<void> {
    this.closing = true;
    this.wake?.();
    await this.ended;
    await this.options.journal.close();
  }

  private remember(key: string, value: Remembered): void {
    this.remembered.set(key, value);
    if (this.remembered.size <= mostRemembered) return;
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined) this.remembered.delete(oldest);
  }

  private follow({ kind, sequence, time, body }: LedgerRecord): void {
    if (kind === "request.asked") this.asked.set(sequence, Date.parse(time));
    if (kind !== "request.answered" && kind !== "request.interrupted") return;
    const asked = body["asked"] as Receipt | undefined;
    if (asked?.chain === this.name) this.asked.delete(asked.sequence);
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.sealDue()) await this.seal();
      else if (this.waiting.length > 0) await this.write(this.waiting.splice(0, largestBatch));
      else if (this.closing) return;
      else await this.rest();
    }
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const { sealAfterMilliseconds, now } = this.options;
      const due = this.firstOpen === undefined ? 3_600_000 : this.openedAt + sealAfterMilliseconds - now();
      const go = (): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(go, Math.min(Math.max(due, 1), sealAfterMilliseconds));
      this.wake = go;
    });
  }

  private sealDue(): boolean {
    if (this.firstOpen === undefined) return false;
    const { journal, now, sealAfterMilliseconds, sealAfterBytes } = this.options;
    const age = now() - this.openedAt;
    // A clock that was set back must not keep a segment open.
    const old = age >= sealAfterMilliseconds || age < 0;
    return old || journal.bytes >= sealAfterBytes || (this.closing && this.waiting.length === 0);
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const { journal, metrics, onBroken } = this.options;
    const records: LedgerRecord[] = [];
    for (const { draft } of batch) records.push(this.next(draft, records.at(-1) ?? this.last));
    const end = metrics.syncSeconds.startTimer();
    try {
      await journal.append(Buffer.from(records.map(lineOf).join("")));
    } catch (error) {
      const full = error instanceof DiskFull;
      for (const { reject } of batch) {
        reject(new Refusal(507, "disk_full", full ? "The ledger's disk is full." : "The ledger's disk failed."));
      }
      if (!full) onBroken(error as Error);
      if (!full) throw error;
      return;
    }
    end();
    metrics.batch.observe(records.length);
    metrics.waiting.set(this.waiting.length);
    if (this.firstOpen === undefined) this.openedAt = this.options.now();
    this.firstOpen ??= records[0]?.sequence;
    for (const [index, record] of records.entries()) {
      this.last = record;
      this.follow(record);
      metrics.appended.inc({ kind: record.kind });
      batch[index]?.resolve(receiptOf(record));
    }
    metrics.open.set(this.asked.size);
  }

  private next(draft: Draft, last: LedgerRecord | undefined): LedgerRecord {
    const clock = new Date(this.options.now()).toISOString();
    const back = last !== undefined && clock < last.time;
    return sealRecord({
      version: 1,
      chain: this.name,
      sequence: (last?.sequence ?? 0) + 1,
      time: back ? last.time : clock,
      ...(back ? { clock } : {}),
      ...draft,
      previous: last?.hash ?? genesisHash(this.name),
    });
  }

  private async seal(): Promise<void> {
    const { journal, signer, now, onSealed } = this.options;
    const { last, head: before, firstOpen } = this;
    if (last === undefined || firstOpen === undefined) return;
    const head: Head = {
      chain: this.name,
      segment: (before?.segment ?? 0) + 1,
      first: firstOpen,
      last: last.sequence,
      hash: last.hash,
      records: journal.recordsDigest,
      previous: before === undefined ? firstPrevious : headHash(before),
      // Like the records', never before what was there already.
      time: later(new Date(now()).toISOString(), last.time),
    };
    try {
      const bytes = await journal.seal(headLine(signer.sign(head)));
      this.head = head;
      this.firstOpen = undefined;
      onSealed(head, bytes);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      // There was room for the records but not for their head: it is tried again when there is.
      this.openedAt = now();
      if (this.closing) throw error;
    }
  }
}
