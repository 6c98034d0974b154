import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { bodyOf, Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import { callerNames } from "../shared/mutual-tls";
import type { Analyser } from "./analyse/analyser";
import { AnswerRelay } from "./answer-relay";
import type { GuardConfiguration } from "./config";
import { stops, strongest, sum, type Action, type Applied, type Examiner } from "./examiner";
import { Exchange } from "./exchange";
import { cacheSalt, identityOf, modelsFor, type Identity } from "./identity";
import type { LedgerClient } from "./ledger-client";
import type { GuardMetrics } from "./metrics";
import type { Quarantine } from "./quarantine";
import { mapTexts, modelPaths, parseRequest, type ModelPath, type ModelRequest } from "./request-texts";
import type { Router } from "./router";
import type { TokenLimits } from "./token-limits";

export interface ProxyOptions {
  readonly configuration: Pick<
    GuardConfiguration,
    "access" | "callers" | "requestBytes" | "requestTimeoutSeconds" | "concurrentRequests"
  >;
  readonly saltKey: Buffer;
  /** The policy of this moment. */
  readonly examiner: () => Examiner;
  readonly ledger: Pick<LedgerClient, "append">;
  readonly quarantine: Quarantine;
  readonly router: Router;
  readonly limits: TokenLimits;
  readonly analysers: readonly Analyser[];
  readonly metrics: GuardMetrics;
  readonly log: Logger;
}

/** What the examination of a prompt came to. */
interface Judged {
  readonly fields: Record<string, unknown>;
  readonly prompt: string;
  /** The same as the model sees it. */
  readonly masked: string;
  readonly applied: readonly Applied[];
  readonly action: Action;
}

/** Words of the protocol, which say nothing to whoever judges what people say. */
const protocolWords = new Set(
  "role content user assistant system developer tool name type text function tool_calls tool_call_id".split(" "),
);

/** The inline proxy: one request after another goes through it, and nothing reaches a model by another way. */
export class Proxy {
  private running = 0;
  private leaving = false;

  public constructor(private readonly options: ProxyOptions) {}

  /** Requests that are being answered. */
  public get busy(): number {
    return this.running;
  }

  /** From now on each connection is ended with its answer: nobody sends another request on one that is about to close. */
  public leave(): void {
    this.leaving = true;
  }

  public readonly listener: RequestListener = (request, response) => {
    if (this.leaving) response.setHeader("connection", "close");
    const { metrics } = this.options;
    this.running += 1;
    metrics.running.set(this.running);
    this.serve(request, response)
      .catch((error: unknown) => this.refuse(response, error))
      .finally(() => {
        this.running -= 1;
        metrics.running.set(this.running);
      });
  };

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { configuration } = this.options;
    const names = callerNames(request);
    if (!configuration.callers.some((name) => names.includes(name))) {
      throw new Refusal(403, "not_the_door", "Only the door may ask.");
    }
    if (this.running > configuration.concurrentRequests) {
      throw new Refusal(503, "guard_full", "Too many requests are being answered.", 1);
    }
    const identity = identityOf(request.headers);
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (request.method === "GET" && path === "/v1/models") return this.list(identity, response);
    if (request.method !== "POST" || !(modelPaths as readonly string[]).includes(path)) {
      throw new Refusal(404, "unknown_path", "There is nothing at this path.");
    }
    const type = request.headers["content-type"] ?? "";
    if (!/^application\/json\s*(;|$)/i.test(type))
      throw new Refusal(415, "not_json", "The body has to be application/json.");
    const asked = parseRequest(path as ModelPath, await bodyOf(request, configuration.requestBytes));
    return this.ask(identity, asked, response);
  }

  /** The models that the caller may use: nobody learns of others. */
  private async list(identity: Identity, response: ServerResponse): Promise<void> {
    const models = modelsFor(this.options.configuration.access, identity);
    const exchange = this.exchange(identity, "GET", "/v1/models");
    await exchange.asked("", []);
    await exchange.answered("answered", 200, undefined, { prompt: "", answer: "" });
    const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "cloister" }));
    this.options.metrics.requests.inc({ model: "", outcome: "answered" });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ object: "list", data }));
  }

  private async ask(identity: Identity, asked: ModelRequest, response: ServerResponse): Promise<void> {
    const { configuration, limits, metrics, router, analysers, log } = this.options;
    const examiner = this.options.examiner();
    const judged = this.judge(examiner, asked);
    const exchange = this.exchange(identity, "POST", asked.path, asked, examiner);
    const refusal = await this.refusal(identity, asked, judged);
    if (refusal !== undefined) {
      const quarantine = judged.action === "quarantine" && refusal.code === "quarantined";
      await exchange.refused(judged.prompt, judged.applied, {
        status: refusal.status,
        reason: refusal.code,
        quarantine,
      });
      metrics.requests.inc({ model: asked.model, outcome: refusal.code });
      throw refusal;
    }
    await exchange.asked(judged.prompt, judged.applied);
    const relay = new AnswerRelay({
      ...{ exchange, examiner, response, asked, metrics, log, analysers },
      prompt: judged.prompt,
      masked: judged.masked,
      deadline: configuration.requestTimeoutSeconds * 1000,
      onTokens: (tokens) => limits.charge(identity, tokens),
    });
    await relay.run((signal) => router.ask(asked, this.forwarded(identity, asked, judged), identity.trace, signal));
  }

  private exchange(
    identity: Identity,
    method: string,
    path: string,
    asked?: ModelRequest,
    examiner: Examiner = this.options.examiner(),
  ): Exchange {
    const { ledger, quarantine } = this.options;
    const details = asked === undefined ? {} : { model: asked.model, stream: asked.stream };
    return new Exchange({ ledger, quarantine, identity, method, path, ...details, policy: examiner.digest });
  }

  private judge(examiner: Examiner, { fields }: ModelRequest): Judged {
    const { metrics } = this.options;
    const end = metrics.examineSeconds.startTimer();
    const texts: string[] = [];
    const shown: string[] = [];
    const applied: (readonly Applied[])[] = [];
    const found: Action[] = [];
    const changed = mapTexts(fields, (text) => {
      const examined = examiner.prompt(text);
      texts.push(text);
      if (!protocolWords.has(text)) shown.push(examined.text);
      if (examined.applied.length > 0) applied.push(examined.applied);
      found.push(examined.action);
      return examined.text;
    });
    end();
    const all = sum(applied);
    for (const { rule, action, count } of all) metrics.findings.inc({ rule, action, where: "prompt" }, count);
    const [prompt, masked] = [texts.join("\n"), shown.join("\n")];
    return { fields: changed, prompt, masked, applied: all, action: strongest(found) };
  }

  /** Why the request must not reach a model, if it must not. */
  private async refusal(identity: Identity, asked: ModelRequest, judged: Judged): Promise<Refusal | undefined> {
    const { configuration, limits } = this.options;
    if (!modelsFor(configuration.access, identity).includes(asked.model)) {
      return new Refusal(
        403,
        "model_not_allowed",
        "None of your groups may use this model, or there is no such model.",
      );
    }
    if (stops(judged.action)) {
      const rules = judged.applied.filter(({ action }) => action === judged.action).map(({ rule }) => rule);
      const code = judged.action === "block" ? "blocked" : "quarantined";
      return new Refusal(403, code, `The policy stopped the prompt: ${rules.join(", ")}.`);
    }
    return limits.exceeded(identity);
  }

  /** What the model server is sent: nothing that the guard has not read, and what the guard adds. */
  private forwarded(identity: Identity, asked: ModelRequest, judged: Judged): string {
    const salt = asked.path === "/v1/embeddings" ? {} : { cache_salt: cacheSalt(this.options.saltKey, identity) };
    const usage = asked.stream ? { stream_options: { include_usage: true } } : {};
    return JSON.stringify({ ...judged.fields, ...usage, ...salt });
  }

  private refuse(response: ServerResponse, error: unknown): void {
    const { metrics, log } = this.options;
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, "internal_error", "The request could not be served.");
    if (!(error instanceof Refusal)) log.error({ reason: String(error) }, "a request failed");
    metrics.requests.inc({ model: "", outcome: refusal.code });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (refusal.retryAfterSeconds !== undefined) response.setHeader("retry-after", String(refusal.retryAfterSeconds));
    // A body that was not read to its end would be taken for the next request.
    if (refusal.status === 413) response.setHeader("connection", "close");
    const type =
      refusal.status === 429
        ? "rate_limit_error"
        : refusal.status < 500
          ? "invalid_request_error"
          : "service_unavailable";
    response.writeHead(refusal.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: refusal.message, type, param: null, code: refusal.code } }));
  }
}
