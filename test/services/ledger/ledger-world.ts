import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pino from "pino";
import { Agent, request } from "undici";
import type { SegmentStore } from "../../../services/ledger/anchor";
import { ledgerConfiguration, type LedgerConfiguration } from "../../../services/ledger/config";
import type { LedgerRecord } from "../../../services/ledger/record";
import { Ledger } from "../../../services/ledger/ledger";
import { Signer } from "../../../services/ledger/segment";
import type { Receipt } from "../../../services/ledger/kinds";
import { Circles } from "../../components/platform/gateway/circles";

/** Plays the bucket: keeps what is put there, and fails while told to. */
export class PlayedStore implements SegmentStore {
  public readonly objects = new Map<string, Buffer>();
  public readonly until: Date[] = [];
  public failing = false;
  private readonly watchers: (() => void)[] = [];

  public put(key: string, bytes: Buffer, until: Date): Promise<void> {
    if (this.failing) return Promise.reject(new Error("the store is away"));
    this.objects.set(key, bytes);
    this.until.push(until);
    for (const look of this.watchers) look();
    return Promise.resolve();
  }

  /** Resolves once so many segments are there. */
  public holding(segments: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => void (this.objects.size >= segments && resolve());
      this.watchers.push(look);
      look();
    });
  }

  /** Writes a copy of the bucket. */
  public copyTo(folder: string): void {
    for (const [key, bytes] of this.objects) {
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      writeFileSync(join(folder, key), bytes);
    }
  }
}

export interface Reply {
  readonly status: number;
  readonly body: Receipt & { readonly error?: { readonly code: string; readonly message: string } };
}

const asked = { application: "support-desk", method: "POST", path: "/v1/chat/completions", model: "qwen3-8b" };

/** A record that a guard would write. */
export const draft = (key: string, more: object = {}) => ({
  key,
  kind: "request.asked",
  person: "ada@example.com",
  digests: { prompt: "ab".repeat(32) },
  body: asked,
  ...more,
});

/** A folder with all that a ledger is given: certificates, keys, a disk. It outlives the ledgers that are started on it. */
export class LedgerWorld {
  public readonly folder = mkdtempSync(join(tmpdir(), "ledger-"));
  public readonly store = new PlayedStore();
  private readonly agents = new Map<string, Agent>();
  private ledger: Ledger | undefined;
  public api = 0;
  public probes = 0;
  /** Milliseconds since 1970, as the ledger sees them; 0 leaves it to the machine. */
  public clock = 0;
  public broken: Error | undefined;

  private constructor(public readonly circles: Circles) {}

  public static async make(): Promise<LedgerWorld> {
    const world = new LedgerWorld(await Circles.make());
    const own = await world.circles.issue("services", ["ledger.audit.svc", "ledger-0.ledger.audit.svc"]);
    world.write("ledger.crt", own.chain);
    world.write("ledger.key", own.key);
    world.write("services.pem", world.circles.trust("services"));
    const signer = await world.circles.issue("services", ["ledger-signer.audit.svc"], "Ed25519");
    world.write("signer.crt", signer.chain);
    world.write("signer.key", signer.key);
    return world;
  }

  /** The root of the services' authority: all that is needed to verify. */
  public get roots(): X509Certificate[] {
    return [new X509Certificate(this.circles.trust("services"))];
  }

  public get signer(): Signer {
    return new Signer(readFileSync(this.path("signer.crt"), "utf8"), readFileSync(this.path("signer.key"), "utf8"));
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  public configuration(more: object = {}): LedgerConfiguration {
    const anywhere = { address: "127.0.0.1", port: 0 };
    return ledgerConfiguration.parse({
      apiVersion: "cloister.dev/ledger/v1",
      name: "ledger-0",
      ...{ listen: anywhere, probes: anywhere, metrics: anywhere },
      tls: {
        certificate: this.path("ledger.crt"),
        key: this.path("ledger.key"),
        authority: this.path("services.pem"),
      },
      data: this.path("data"),
      signer: { certificate: this.path("signer.crt"), key: this.path("signer.key") },
      store: { bucket: "audit", region: "us-east-1", retainDays: 2190 },
      seal: { afterMilliseconds: 100 },
      minimumFreeMebibytes: 1,
      witness: this.path("witness.ndjson"),
      writers: [
        { name: "guard.gateway.svc", kinds: ["request.*", "incident.raised"] },
        { name: "kubernetes.audit.svc", kinds: ["kubernetes.audit"] },
        { name: "auditor.audit.svc", subjects: true },
      ],
      ...more,
    });
  }

  public async start(more: object = {}): Promise<void> {
    const now = (): number => (this.clock === 0 ? Date.now() : this.clock);
    const log = pino({ level: "silent" });
    const broken = (error: Error): void => void (this.broken = error);
    this.ledger = new Ledger(this.configuration(more), this.store, log, broken, now);
    const { api, probes } = await this.ledger.start();
    this.api = api;
    this.probes = probes;
  }

  public async stop(): Promise<void> {
    const { ledger } = this;
    this.ledger = undefined;
    await this.forgetConnections();
    await ledger?.stop();
  }

  /** The next call connects anew. */
  public async forgetConnections(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    for (const agent of agents) await agent.destroy();
  }

  public async call(
    method: "GET" | "POST",
    path: string,
    body?: object | string,
    caller = "guard.gateway.svc",
  ): Promise<Reply> {
    const dispatcher = await this.agent(caller);
    const text = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body);
    const answer = await request(`https://127.0.0.1:${this.api}${path}`, { method, dispatcher, body: text ?? null });
    return { status: answer.statusCode, body: (await answer.body.json()) as Reply["body"] };
  }

  public append(key: string, more: object = {}): Promise<Reply> {
    return this.call("POST", "/v1/records", draft(key, more));
  }

  /** Lets the ledger look for requests without an answer, as it does every few seconds. */
  public async interruptionsClosed(): Promise<void> {
    await this.ledger?.closeInterrupted();
  }

  /** Everything in the bucket, once it holds what is wanted. */
  public async recorded(wanted: (records: readonly LedgerRecord[]) => boolean): Promise<LedgerRecord[]> {
    for (;;) {
      const { size } = this.store.objects;
      const lines = [...this.store.objects.values()].flatMap((bytes) =>
        bytes.toString().trimEnd().split("\n").slice(0, -1),
      );
      const records = lines.map((line) => JSON.parse(line) as LedgerRecord);
      if (wanted(records)) return records;
      await this.store.holding(size + 1);
    }
  }

  /** Resolves once everything that was recorded is in sealed segments. */
  public async sealed(): Promise<void> {
    while (this.ledger?.sealedThrough !== this.ledger?.sequence)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  public async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  private async agent(caller: string): Promise<Agent> {
    const known = this.agents.get(caller);
    if (known !== undefined) return known;
    const { chain, key } = await this.circles.issue("services", [caller]);
    const ca = this.circles.trust("services");
    const agent = new Agent({ connect: { cert: chain, key, ca, servername: "ledger.audit.svc" } });
    this.agents.set(caller, agent);
    return agent;
  }
}
