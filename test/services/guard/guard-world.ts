import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { Agent, request, type Dispatcher } from "undici";
import { guardConfiguration } from "../../../services/guard/config";
import { Guard } from "../../../services/guard/guard";
import { GuardMetrics } from "../../../services/guard/metrics";
import type { Examined, Examiner } from "../../../services/guard/examiner";
import type { Held } from "../../../services/guard/quarantine";
import { noLimits, type TokenLimits } from "../../../services/guard/token-limits";
import { Circles } from "../../components/platform/gateway/circles";
import { PlayedLedger } from "./played-ledger";

/** A policy small enough to see through: `SECRET` is masked, `BLOCK` blocks, `HOLD` is quarantined; streams wait for words. */
export class PlainExaminer implements Examiner {
  public readonly digest = "0".repeat(64);

  public prompt(text: string): Examined {
    const count = text.split("SECRET").length - 1;
    const applied = [
      ...(count > 0 ? [{ rule: "plain.secret", count, action: "mask" as const }] : []),
      ...(text.includes("BLOCK") ? [{ rule: "plain.block", count: 1, action: "block" as const }] : []),
      ...(text.includes("HOLD") ? [{ rule: "plain.hold", count: 1, action: "quarantine" as const }] : []),
    ];
    return { text: text.replaceAll("SECRET", "[MASKED]"), applied, action: applied.at(-1)?.action ?? "allow" };
  }

  public answer(text: string): Examined {
    return this.prompt(text);
  }

  public answerStream() {
    let held = "";
    const take = (upTo: number): Examined => {
      const examined = this.prompt(held.slice(0, upTo));
      held = held.slice(upTo);
      return examined;
    };
    return {
      push: (text: string): Examined => {
        held += text;
        return take(held.lastIndexOf(" ") + 1);
      },
      end: (): Examined => take(held.length),
    };
  }
}

/** A request as it reached the model server. */
export interface Arrived {
  readonly path: string;
  readonly model: string | undefined;
  readonly trace: string | undefined;
  readonly body: Record<string, unknown>;
  /** The connection was closed before the answer was whole. */
  aborted: boolean;
}

export type ModelBehaviour = (request: Arrived, response: ServerResponse) => void | Promise<void>;

const frame = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const base = { id: "chat-1", object: "chat.completion.chunk", created: 1, model: "qwen3-8b" };

/** Frames of a model server's stream that says these pieces. */
export const streamOf = (...pieces: string[]): string[] => [
  frame({ ...base, choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] }),
  ...pieces.map((content) =>
    frame({ ...base, choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }] }),
  ),
  frame({ ...base, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  frame({
    ...base,
    choices: [],
    usage: { prompt_tokens: 3, completion_tokens: pieces.length, total_tokens: 3 + pieces.length },
  }),
  "data: [DONE]\n\n",
];

/** A guard with everything around it played, on loopback. */
export class GuardWorld {
  public readonly folder = mkdtempSync(join(tmpdir(), "guard-"));
  public readonly arrived: Arrived[] = [];
  public readonly held: Held[] = [];
  public readonly charged: number[] = [];
  public limits: TokenLimits = { ...noLimits, charge: (_identity, tokens) => void this.charged.push(tokens) };
  public behaviour: ModelBehaviour = (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(streamOf("Hello ", "world").join(""));
  };
  public port = 0;
  public guard: Guard | undefined;
  public readonly metrics = new GuardMetrics();
  private readonly agents: Agent[] = [];
  private model: Server | undefined;

  private constructor(
    public readonly circles: Circles,
    public readonly ledgers: readonly PlayedLedger[],
  ) {}

  /** @param more settings of the guard's, which may need files of the world. */
  public static async make(
    more: object | ((world: GuardWorld) => object) = {},
    circles?: Circles,
  ): Promise<GuardWorld> {
    return GuardWorld.inside(circles ?? (await Circles.make()), more);
  }

  private static async inside(circles: Circles, more: object | ((world: GuardWorld) => object)): Promise<GuardWorld> {
    const ledgers = [await PlayedLedger.start(circles, "ledger-0"), await PlayedLedger.start(circles, "ledger-1")];
    const world = new GuardWorld(circles, ledgers);
    await world.startModel();
    const own = await circles.issue("services", ["guard.gateway.svc"]);
    world.write("guard.crt", own.chain);
    world.write("guard.key", own.key);
    world.write("services.pem", circles.trust("services"));
    const anywhere = { address: "127.0.0.1", port: 0 };
    const configuration = guardConfiguration.parse({
      apiVersion: "cloister.dev/guard/v1",
      ...{ listen: anywhere, probes: anywhere, metrics: anywhere },
      tls: {
        certificate: world.path("guard.crt"),
        key: world.path("guard.key"),
        authority: world.path("services.pem"),
      },
      callers: ["envoy.gateway.svc"],
      policy: world.path("policy.yaml"),
      access: [
        { group: "support", models: ["qwen3-8b"] },
        { group: "research", models: ["qwen3-8b", "llama-3.1-8b-instruct"] },
      ],
      ledger: { replicas: ledgers.map(({ url }) => url), serverName: "ledger.audit.svc", timeoutMilliseconds: 500 },
      router: { socket: world.path("router.sock") },
      quarantine: { bucket: "quarantine", region: "us-east-1", recipients: ["age1none"] },
      requestBytes: 262_144,
      requestTimeoutSeconds: 5,
      ...(typeof more === "function" ? (more as (world: GuardWorld) => object)(world) : more),
    });
    const { metrics } = world;
    const quarantine = {
      keep: (held: Held): Promise<string> => {
        world.held.push(held);
        return Promise.resolve("guard/2026-01-01/one.age");
      },
    };
    const limits: TokenLimits = {
      exceeded: (identity) => world.limits.exceeded(identity),
      charge: (identity, tokens) => world.limits.charge(identity, tokens),
      close: (milliseconds) => world.limits.close(milliseconds),
    };
    const examiner = new PlainExaminer();
    world.guard = new Guard(
      configuration,
      // No caller of these holds a connection that it would have to hear of.
      { examiner: () => examiner, quarantine, limits, metrics, leavingMilliseconds: 0 },
      pino({ level: "silent" }),
    );
    ({ api: world.port } = await world.guard.start());
    return world;
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  /** All records of both replicas, the oldest first. */
  public get records() {
    return this.ledgers.flatMap((one) => one.records).sort((left, right) => left.at - right.at);
  }

  public async ask(
    body: object | string,
    {
      path = "/v1/chat/completions",
      headers = {},
      caller = "envoy.gateway.svc",
      method = "POST",
      signal = undefined as AbortSignal | undefined,
    } = {},
  ): Promise<Dispatcher.ResponseData> {
    const { chain, key } = await this.circles.issue("services", [caller]);
    const ca = this.circles.trust("services");
    const agent = new Agent({ connect: { cert: chain, key, ca, servername: "guard.gateway.svc" } });
    this.agents.push(agent);
    return request(`https://127.0.0.1:${this.port}${path}`, {
      method,
      dispatcher: agent,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        ...(method === "POST" ? { "content-type": "application/json" } : {}),
        "x-cloister-application": "support-desk",
        "x-cloister-person": "ada@example.com",
        "x-cloister-groups": "support,staff",
        "x-cloister-certificate": "ab".repeat(32),
        "x-request-id": "request-1",
        ...headers,
      },
      body: method === "POST" ? (typeof body === "string" ? body : JSON.stringify(body)) : null,
    });
  }

  public async remove(): Promise<void> {
    for (const agent of this.agents) await agent.destroy();
    this.model?.closeAllConnections();
    this.model?.close();
    await this.guard?.stop();
    for (const ledger of this.ledgers) await ledger.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  public write(name: string, text: string): void {
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  private async startModel(): Promise<void> {
    this.model = createServer((incoming, response) => void this.arrive(incoming, response));
    this.model.listen(this.path("router.sock"));
    await once(this.model, "listening");
  }

  private async arrive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of incoming.setEncoding("utf8") as AsyncIterable<string>) text += piece;
    const arrived: Arrived = {
      path: incoming.url ?? "",
      model: incoming.headers["x-cloister-model"] as string | undefined,
      trace: incoming.headers["traceparent"] as string | undefined,
      body: JSON.parse(text) as Record<string, unknown>,
      aborted: false,
    };
    this.arrived.push(arrived);
    response.on("close", () => (arrived.aborted = !response.writableFinished));
    await this.behaviour(arrived, response);
  }
}

export const chat = (content: unknown, more: object = {}): object => ({
  model: "qwen3-8b",
  messages: [{ role: "user", content }],
  ...more,
});
