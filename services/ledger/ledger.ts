import { readFileSync } from "node:fs";
import { readFile, rm, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import { ServiceServers, type ServicePorts } from "../shared/service-servers";
import { Anchor, type SegmentStore } from "./anchor";
import { Api } from "./api";
import { Chain } from "./chain";
import type { LedgerConfiguration } from "./config";
import { Journal } from "./journal";
import { LedgerMetrics } from "./metrics";
import { chainOn, recover, type Recovered } from "./recovery";
import { isSignedHead, Signer } from "./segment";
import { SubjectKeys } from "./subject-keys";

const mebibyte = 1_048_576;

/** One replica of the ledger: its chain, its way to the bucket, its interface. */
export class Ledger {
  private servers: ServiceServers | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private free = Number.POSITIVE_INFINITY;
  private stopping = false;
  private readonly sealedAt = new Map<number, number>();
  private chain: Chain | undefined;
  private anchor: Anchor | undefined;
  private journal: Journal | undefined;
  private readonly metrics = new LedgerMetrics();

  public constructor(
    private readonly configuration: LedgerConfiguration,
    private readonly store: SegmentStore,
    private readonly log: Logger,
    private readonly onBroken: (error: Error) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Reads what the disk holds, closes what a crash left open, and listens.
   *
   * @throws JournalDamaged where the disk holds what this ledger did not write.
   */
  public async start(): Promise<ServicePorts> {
    const { data, name = hostname(), signer } = this.configuration;
    const signs = new Signer(readFileSync(signer.certificate, "utf8"), readFileSync(signer.key, "utf8"));
    const recovered = await recover(data, await chainOn(data, name));
    const subjects = await SubjectKeys.open(join(data, "subjects"));
    await this.openChain(recovered, signs);
    await this.sayOpened(recovered);
    await this.look();
    this.every(1000, () => this.look());
    this.every(5000, () => this.closeInterrupted());
    this.every(3_600_000, () => subjects.forget(this.now(), this.configuration.keepSubjectKeysDays));
    const { listener: api } = this.interface(subjects);
    const { registry } = this.metrics;
    const readiness = (): string | undefined => this.unready();
    this.servers = await ServiceServers.listen(this.configuration, { api, readiness, registry });
    const { ports } = this.servers;
    this.log.info({ ...this.chain?.state, ports }, "the ledger listens");
    return ports;
  }

  /** Takes nothing new, writes and anchors what it has, and ends. */
  public async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.servers?.leave(5000);
    await this.chain?.close();
    await this.anchor?.drain(5000);
    await this.servers?.close();
    this.log.info(this.chain?.state ?? {}, "the ledger has stopped");
  }

  /** Number of the last record. */
  public get sequence(): number {
    return this.chain?.state.sequence ?? 0;
  }

  /** Number of the last record that a sealed segment holds. */
  public get sealedThrough(): number {
    return this.chain?.state.head?.last ?? 0;
  }

  private interface(subjects: SubjectKeys): Api {
    const { writers, models } = this.configuration;
    const { metrics, log, now } = this;
    if (this.chain === undefined) throw new Error("the chain is not open");
    return new Api({ chain: this.chain, subjects, writers, models, metrics, log, now, refuses: () => this.refuses() });
  }

  private async openChain(recovered: Recovered, signer: Signer): Promise<void> {
    const { data, queue, seal, store, witness } = this.configuration;
    const folder = join(data, "journal");
    this.journal = new Journal(folder, (recovered.head?.segment ?? 0) + 1);
    if (recovered.open.length > 0) await this.journal.resume(recovered.open);
    else await rm(Journal.pathOf(folder, (recovered.head?.segment ?? 0) + 1, false), { force: true });
    const { log, metrics, now, journal } = this;
    const { retainDays } = store;
    const onAnchored = (segment: number): void => void this.sealedAt.set(segment, now());
    this.anchor = new Anchor({ store: this.store, journal, retainDays, witness, log, metrics, now, onAnchored });
    for (const segment of recovered.anchored) onAnchored(segment);
    for (const segment of recovered.unanchored) {
      const bytes = await readFile(Journal.pathOf(folder, segment, false));
      const signed: unknown = JSON.parse(bytes.toString("utf8").trimEnd().split("\n").at(-1) ?? "null");
      if (isSignedHead(signed)) this.anchor.add(signed.head, bytes);
    }
    this.chain = new Chain(recovered.chain, recovered, {
      ...{ journal, signer, queue, metrics, now, onBroken: this.onBroken },
      sealAfterMilliseconds: seal.afterMilliseconds,
      sealAfterBytes: seal.afterBytes,
      onSealed: (head, bytes) => this.anchor?.add(head, bytes),
    });
  }

  /** That it started, and what a crash had left, is the first thing it puts on the record. */
  private async sayOpened({ last, tornBytes }: Recovered): Promise<void> {
    const key = `ledger.opened:${(last?.sequence ?? 0) + 1}`;
    const body = { after: last?.sequence ?? 0, tornBytes };
    await this.chain?.append({ kind: "ledger.opened", key, writer: "ledger", body });
  }

  private every(milliseconds: number, work: () => Promise<unknown>): void {
    const run = (): void => {
      work().catch((error: unknown) => this.log.error({ reason: String(error) }, "a regular task failed"));
    };
    this.timers.push(setInterval(run, milliseconds).unref());
  }

  private async look(): Promise<void> {
    const { data, rememberSeconds } = this.configuration;
    const { bavail, bsize } = await statfs(data);
    this.free = bavail * bsize;
    this.metrics.freeBytes.set(this.free);
    this.metrics.unanchoredSeconds.set((this.anchor?.behind ?? 0) / 1000);
    // The newest one stays: the chain goes on from it after a restart.
    const old = [...this.sealedAt].sort(([left], [right]) => left - right).slice(0, -1);
    for (const [segment, at] of old) {
      if (this.now() - at < rememberSeconds * 1000) continue;
      this.sealedAt.delete(segment);
      await rm(Journal.pathOf(join(data, "journal"), segment, true), { force: true });
    }
  }

  /** Puts on the record that requests without an answer, older than any answer takes, were interrupted. */
  public async closeInterrupted(): Promise<void> {
    const { chain } = this;
    const before = this.now() - this.configuration.interruptedSeconds * 1000;
    for (const sequence of chain?.unanswered(before) ?? []) {
      const body = { asked: { chain: chain?.name ?? "", sequence }, reason: "no-answer-recorded" };
      const key = `request.interrupted:${chain?.name ?? ""}:${sequence}`;
      await chain?.append({ kind: "request.interrupted", key, writer: "ledger", body });
    }
  }

  private refuses(): Refusal | undefined {
    const { minimumFreeMebibytes, unanchoredSeconds } = this.configuration;
    if (this.stopping) return new Refusal(503, "stopping", "The ledger is stopping.", 1);
    if (this.free < minimumFreeMebibytes * mebibyte) {
      return new Refusal(507, "disk_full", `Less than ${minimumFreeMebibytes} MiB of the ledger's disk are free.`, 30);
    }
    if ((this.anchor?.behind ?? 0) > unanchoredSeconds * 1000) {
      return new Refusal(503, "bucket_unreachable", "The audit bucket has been out of reach for too long.", 30);
    }
    return undefined;
  }

  private unready(): string | undefined {
    return this.refuses()?.message;
  }
}
