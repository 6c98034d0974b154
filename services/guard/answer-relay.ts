import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import type { Analyser } from "./analyse/analyser";
import { Watch, type FoundBeside } from "./analyse/watch";
import { AnswerChunks, type Tally } from "./answer-chunks";
import { examineAnswer } from "./answer-whole";
import { stops, strongest, type Examiner } from "./examiner";
import type { Exchange, Outcome } from "./exchange";
import type { GuardMetrics } from "./metrics";
import type { ModelRequest } from "./request-texts";
import type { ModelAnswer } from "./router";
import { eventsOf, frame, lastFrame } from "./server-sent-events";

export interface AnswerRelayOptions {
  readonly exchange: Exchange;
  readonly examiner: Examiner;
  readonly response: ServerResponse;
  readonly asked: ModelRequest;
  /** What was asked, and the same as the model sees it. */
  readonly prompt: string;
  readonly masked: string;
  readonly analysers: readonly Analyser[];
  /** Longest answer, milliseconds. */
  readonly deadline: number;
  readonly metrics: GuardMetrics;
  readonly log: Logger;
  /** Told how many tokens the exchange took. */
  readonly onTokens: (tokens: number) => void;
}

/** Why an answer was ended before its end. */
class Ended extends Error {
  public constructor(
    public readonly outcome: Outcome,
    message: string,
    /** What an analyser found. */
    public readonly beside: readonly FoundBeside[] = [],
  ) {
    super(message);
  }
}

const longestWhole = 67_108_864;
/** Told to whatever still listens once an answer is whole; without it each abort would make an error with a stack. */
const over = new Error("the answer is whole");

/** Brings one answer from the model to the client, examined, and its end only once the record has it. */
export class AnswerRelay {
  private readonly stop = new AbortController();
  private started = false;
  private tally: Tally | undefined;
  private answer = "";
  private readonly watch: Watch;

  public constructor(private readonly options: AnswerRelayOptions) {
    this.watch = new Watch({
      ...options,
      signal: this.stop.signal,
      onFound: (found) => this.end(endedBy(found)),
      onMissing: (analyser) => this.end(new Ended("stopped", `${analyser} gave no judgement`)),
    });
  }

  /** @param ask sends the request to the model server. */
  public async run(ask: (signal: AbortSignal) => Promise<ModelAnswer>): Promise<void> {
    const { response, deadline } = this.options;
    const gone = (): void => {
      if (!response.writableFinished) this.end(new Ended("aborted-by-client", "the client went away"));
    };
    response.once("close", gone);
    const timer = setTimeout(() => this.end(new Ended("timeout", "the answer took too long")), deadline);
    this.watch.prompt(this.options.masked);
    try {
      const answer = await ask(this.stop.signal);
      if (answer.status !== 200) await this.relayError(answer);
      else if (this.options.asked.stream) await this.relayStream(answer);
      else await this.relayWhole(answer);
    } catch (error) {
      await this.close(error);
    } finally {
      clearTimeout(timer);
      response.off("close", gone);
      this.stop.abort(over);
    }
  }

  private end(reason: Ended): void {
    this.stop.abort(reason);
  }

  private async relayStream({ body }: ModelAnswer): Promise<void> {
    const { examiner, asked } = this.options;
    const chunks = new AnswerChunks(examiner, asked.usage, (key, text) => this.watch.answer(key, text));
    const last: string[] = [];
    let whole = false;
    for await (const data of eventsOf(body)) {
      this.stop.signal.throwIfAborted();
      if (data === "[DONE]") {
        whole = true;
        break;
      }
      const chunk = JSON.parse(data) as Record<string, unknown>;
      if (chunk["error"] !== undefined) throw new Ended("model-error", "the model server reported an error");
      const { now, atEnd } = chunks.take(chunk);
      this.tally = chunks.tally;
      if (stops(this.tally.action)) return this.finish(this.stopped(this.tally), [frame(chunks.stopped()), lastFrame]);
      for (const one of now) await this.send(frame(one));
      last.push(...atEnd.map(frame));
    }
    if (!whole) throw new Ended("model-error", "the model server ended the answer early");
    await this.watch.end();
    this.stop.signal.throwIfAborted();
    await this.finish("answered", [...last, lastFrame]);
  }

  private async relayWhole({ body }: ModelAnswer): Promise<void> {
    const { answer, tally, texts } = examineAnswer(this.options.examiner, await this.json(body));
    if (!stops(tally.action)) for (const [index, text] of texts.entries()) this.watch.answer(`${index}`, text);
    this.tally = tally;
    this.answer = JSON.stringify(answer);
    await this.watch.end();
    this.stop.signal.throwIfAborted();
    await this.record(stops(tally.action) ? this.stopped(tally) : "answered", 200);
    this.options.response.writeHead(200, { "content-type": "application/json" });
    this.options.response.end(this.answer);
  }

  /** An error of the model server may repeat what it was sent: its words are examined like an answer's. */
  private async relayError({ status, body }: ModelAnswer): Promise<void> {
    const said = (await this.json(body).catch(() => ({}))) as { error?: Record<string, unknown>; message?: unknown };
    await this.watch.end();
    this.stop.signal.throwIfAborted();
    const known = said.error ?? said;
    const message = typeof known["message"] === "string" ? known["message"] : "The model server refused the request.";
    const examined = this.options.examiner.answer(message);
    await this.record("model-error", status);
    // Which servers there are, and that one of them is away, is nobody's business outside.
    const [told, code] = status < 500 ? [status, "model_refused"] : [503, "model_unavailable"];
    const text = status < 500 && !stops(examined.action) ? examined.text : "The model is not available.";
    throw new Refusal(told, code, text, status < 500 ? undefined : 1);
  }

  private async json(body: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of body) {
      pieces.push(piece);
      if ((length += piece.length) > longestWhole) throw new Ended("model-error", "the answer is too long");
    }
    return JSON.parse(Buffer.concat(pieces).toString("utf8")) as Record<string, unknown>;
  }

  private stopped({ action }: Tally): Outcome {
    return action === "quarantine" ? "quarantined" : "blocked";
  }

  private async send(text: string): Promise<void> {
    const { response } = this.options;
    this.start();
    this.answer += text;
    if (!response.write(text)) await once(response, "drain", { signal: this.stop.signal });
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    this.options.response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
  }

  /** Records the end, then shows it. */
  private async finish(outcome: Outcome, frames: readonly string[]): Promise<void> {
    this.stop.abort(over);
    this.answer += frames.join("");
    await this.record(outcome, 200);
    this.start();
    this.options.response.end(frames.join(""));
  }

  private async record(outcome: Outcome, status: number, beside: readonly FoundBeside[] = []): Promise<void> {
    const { exchange, metrics, asked, onTokens, prompt: asking } = this.options;
    const { tally } = this;
    await exchange.answered(outcome, status, tally, { prompt: asking, answer: this.answer }, beside);
    metrics.requests.inc({ model: asked.model, outcome });
    for (const { where, applied } of beside)
      for (const { rule, action } of applied) metrics.findings.inc({ rule, action, where });
    for (const { rule, action, count } of tally?.applied ?? [])
      metrics.findings.inc({ rule, action, where: "answer" }, count);
    const { prompt_tokens: prompt = 0, completion_tokens: answer = tally?.pieces ?? 0 } = tally?.usage ?? {};
    metrics.tokens.inc({ model: asked.model, direction: "prompt" }, prompt);
    metrics.tokens.inc({ model: asked.model, direction: "answer" }, answer);
    onTokens(prompt + answer);
  }

  /** Whatever ended the answer before its end: it is recorded, and the client is told where it still can be. */
  private async close(error: unknown): Promise<void> {
    if (error instanceof Refusal) throw error;
    const { response, log } = this.options;
    const reason: unknown = this.stop.signal.reason;
    const ended =
      reason instanceof Ended ? reason : error instanceof Ended ? error : new Ended("model-error", String(error));
    log.warn({ outcome: ended.outcome, reason: ended.message }, "an answer was ended early");
    const refusal = earlyRefusal(ended);
    await this.record(ended.outcome, this.started ? 200 : refusal.status, ended.beside);
    if (ended.outcome === "aborted-by-client") return;
    if (!this.started) throw refusal;
    // A client reads this as an error: without the last frame no part of the answer counts as whole.
    response.end(
      frame({ error: { message: sentence(ended), type: "server_error", param: null, code: codeOf(ended) } }),
    );
  }
}

/** An analyser's finding, as the end of an answer. */
const endedBy = (found: FoundBeside): Ended =>
  new Ended(
    strongest(found.applied.map(({ action }) => action)) === "quarantine" ? "quarantined" : "blocked",
    "an analyser stopped it",
    [found],
  );

const codeOf = ({ outcome }: Ended): string => (outcome === "stopped" ? "not_judged" : outcome.replaceAll("-", "_"));

function sentence({ outcome, beside }: Ended): string {
  if (outcome === "blocked" || outcome === "quarantined") {
    const rules = beside.flatMap(({ applied }) => applied.map(({ rule }) => rule));
    return `The policy stopped the ${beside[0]?.where ?? "answer"}: ${rules.join(", ")}.`;
  }
  if (outcome === "timeout") return "The answer took too long and was ended.";
  return outcome === "stopped"
    ? "The answer was stopped: what has to judge it beside the model gave no judgement."
    : "The model server ended the answer early.";
}

const earlyRefusal = (ended: Ended): Refusal =>
  ended.beside.length > 0
    ? new Refusal(403, codeOf(ended), sentence(ended))
    : new Refusal(ended.outcome === "timeout" ? 504 : 503, codeOf(ended), sentence(ended), 1);
