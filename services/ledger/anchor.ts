import { setTimeout as sleep } from "node:timers/promises";
import { appendFile } from "node:fs/promises";
import type { Logger } from "../shared/log";
import type { Journal } from "./journal";
import type { LedgerMetrics } from "./metrics";
import { headHash, segmentKey, type Head } from "./segment";

/** Where segments are put under lock. */
export interface SegmentStore {
  /**
   * Puts an object under COMPLIANCE lock.
   *
   * @param until end of the lock.
   */
  put(key: string, bytes: Buffer, until: Date): Promise<void>;
}

export interface AnchorOptions {
  readonly store: SegmentStore;
  readonly journal: Pick<Journal, "anchored">;
  readonly retainDays: number;
  /** File to which each anchored head is added. */
  readonly witness: string | undefined;
  readonly log: Logger;
  readonly metrics: LedgerMetrics;
  readonly now: () => number;
  /** Told once a segment is in the bucket. */
  readonly onAnchored: (segment: number) => void;
}

const day = 86_400_000;
const longestPause = 10_000;

/** Carries sealed segments to the bucket, one after another, and never gives one up. */
export class Anchor {
  private readonly queue: { readonly head: Head; readonly bytes: Buffer; readonly since: number }[] = [];
  private running: Promise<void> | undefined;
  private stopped = false;
  private readonly stop = new AbortController();

  public constructor(private readonly options: AnchorOptions) {}

  /** Milliseconds for which the oldest waiting segment has waited; 0 where none waits. */
  public get behind(): number {
    const [oldest] = this.queue;
    return oldest === undefined ? 0 : Math.max(0, this.options.now() - oldest.since);
  }

  public add(head: Head, bytes: Buffer): void {
    this.queue.push({ head, bytes, since: this.options.now() });
    if (!this.stopped) this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Resolves when all is anchored, or the time (ms) is over: what is left is sent after the next start. */
  public async drain(milliseconds: number): Promise<void> {
    const limit = setTimeout(() => this.stop.abort(), milliseconds);
    await this.running;
    clearTimeout(limit);
    this.stopped = true;
  }

  private async run(): Promise<void> {
    for (let pause = 100; this.queue.length > 0 && !this.stop.signal.aborted;) {
      const [next] = this.queue;
      if (next === undefined) return;
      try {
        await this.anchor(next.head, next.bytes);
        this.queue.shift();
        pause = 100;
      } catch (error) {
        const { name, message } = error as Error;
        this.options.log.warn(
          { segment: next.head.segment, reason: `${name}: ${message}`, waiting: this.queue.length, again: pause },
          "the bucket did not take a segment",
        );
        await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, longestPause);
      }
    }
  }

  private async anchor(head: Head, bytes: Buffer): Promise<void> {
    const { store, journal, retainDays, witness, log, metrics, now, onAnchored } = this.options;
    await store.put(segmentKey(head), bytes, new Date(now() + retainDays * day));
    await journal.anchored(head.segment);
    const seen = { chain: head.chain, segment: head.segment, last: head.last, head: headHash(head), time: head.time };
    if (witness !== undefined) await appendFile(witness, `${JSON.stringify(seen)}\n`, { flush: true });
    log.info(seen, "a segment is under lock");
    metrics.anchored.inc();
    onAnchored(head.segment);
  }
}
