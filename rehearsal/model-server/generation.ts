import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { scriptOf, tokensOf, type Script } from "./answers";
import type { PrefixCache } from "./prefix-cache";
import { errorOf, Refused } from "./refused";

type Fields = Record<string, unknown>;

export interface GenerationOptions {
  /** Milliseconds until the first token, and between tokens. */
  readonly firstToken: number;
  readonly eachToken: number;
  /** Longest prompt and answer together, tokens. */
  readonly maxModelLength: number;
  /** Streams tell their tokens whether asked to or not. */
  readonly forceUsage: boolean;
  readonly cache: PrefixCache;
}

/** What of a request an answer follows from. */
export interface Asked {
  readonly body: Fields;
  /** The caller went away before the answer was whole. */
  readonly aborted: boolean;
}

/** One answer in the making, as vLLM gives it: in one piece, or as frames of a stream. */
export class Generation {
  public readonly promptTokens: number;
  public readonly answerTokens: number;
  private readonly script: Script;
  private readonly cachedTokens: number;
  private readonly reason: string;

  /** @throws Refused where the model would not take it. */
  public constructor(
    private readonly options: GenerationOptions,
    /** Of chat completions rather than of plain ones. */
    private readonly chat: boolean,
    private readonly asked: Asked,
    private readonly id: string,
  ) {
    const { body } = asked;
    const { prompt, last } = promptOf(chat, body);
    const most = Number(body["max_completion_tokens"] ?? body["max_tokens"] ?? 16);
    const { maxModelLength } = options;
    this.promptTokens = tokensOf(prompt).length;
    if (this.promptTokens + (most === 16 ? 0 : most) > maxModelLength) {
      throw new Refused(
        400,
        `This model's maximum context length is ${maxModelLength} tokens. However, you requested ${this.promptTokens + most} tokens.`,
      );
    }
    this.script = scriptOf(prompt, last, most);
    const { fails, says, thinks = "", calls } = this.script;
    if (fails !== undefined) throw new Refused(fails, "EngineCore encountered an issue.", "InternalServerError");
    this.cachedTokens = options.cache.take(JSON.stringify(body["cache_salt"] ?? ""), prompt);
    this.answerTokens = [says, thinks, calls?.arguments ?? ""].reduce((sum, text) => sum + tokensOf(text).length, 0);
    this.reason = calls !== undefined ? "tool_calls" : this.answerTokens >= most ? "length" : "stop";
  }

  public async answer(response: ServerResponse): Promise<void> {
    await pause(this.options.firstToken);
    if (this.asked.body["stream"] === true) return this.stream(response);
    await pause(this.options.eachToken * this.answerTokens);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(this.whole()));
  }

  private whole(): Fields {
    const { says, thinks = null, calls } = this.script;
    const message = {
      ...{ role: "assistant", content: says, refusal: null, reasoning_content: thinks },
      tool_calls: calls === undefined ? [] : [{ id: callId, type: "function", function: calls }],
    };
    const said = this.chat ? { message } : { text: says, prompt_logprobs: null };
    return {
      ...this.head(this.chat ? "chat.completion" : "text_completion"),
      choices: [{ index: 0, ...said, logprobs: null, finish_reason: this.reason, stop_reason: null }],
      usage: this.usage(this.answerTokens),
      prompt_logprobs: null,
      kv_transfer_params: null,
    };
  }

  private async stream(response: ServerResponse): Promise<void> {
    const { asked, chat, script } = this;
    const head = this.head(chat ? "chat.completion.chunk" : "text_completion");
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const send = async (value: Fields): Promise<void> => {
      if (!response.write(frame({ ...head, ...value }))) await once(response, "drain");
    };
    if (chat) await send(choiceOf({ delta: { role: "assistant", content: "" } }));
    let pieces = 0;
    for (const said of piecesOf(chat, script)) {
      if (asked.aborted) return;
      if (script.after?.pieces === pieces) return fail(response, script.after.does);
      if (pieces > 0) await pause(this.options.eachToken);
      await send(choiceOf(said));
      pieces += 1;
    }
    await send(choiceOf(chat ? { delta: { content: "" } } : { text: "" }, this.reason));
    const options = asked.body["stream_options"] as { include_usage?: boolean } | undefined;
    if (options?.include_usage === true || this.options.forceUsage)
      await send({ choices: [], usage: this.usage(pieces) });
    response.end(lastFrame);
  }

  private head(object: string): Fields {
    return { id: this.id, object, created: Math.floor(Date.now() / 1000), model: this.asked.body["model"] };
  }

  private usage(answerTokens: number): Fields {
    return {
      prompt_tokens: this.promptTokens,
      total_tokens: this.promptTokens + answerTokens,
      completion_tokens: answerTokens,
      prompt_tokens_details: { cached_tokens: this.cachedTokens },
    };
  }
}

const callId = "chatcmpl-tool-1";
const frame = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const lastFrame = "data: [DONE]\n\n";
const pause = (milliseconds: number): Promise<unknown> => (milliseconds > 0 ? sleep(milliseconds) : Promise.resolve());

const choiceOf = (said: Fields, finish: string | null = null): Fields => ({
  choices: [
    { index: 0, ...said, logprobs: null, finish_reason: finish, ...(finish === null ? {} : { stop_reason: null }) },
  ],
});

/** What the script says goes wrong in the midst of a stream. */
async function fail(response: ServerResponse, how: NonNullable<Script["after"]>["does"]): Promise<void> {
  if (how === "stall") await once(response, "close");
  else if (how === "cut") response.destroy();
  else {
    response.write(frame(errorOf(new Refused(500, "EngineCore encountered an issue.", "InternalServerError"))));
    response.end(lastFrame);
  }
}

function* piecesOf(chat: boolean, script: Script): Generator<Fields> {
  for (const token of tokensOf(script.thinks ?? "")) yield { delta: { reasoning_content: token } };
  if (script.calls !== undefined) {
    const { name, arguments: all } = script.calls;
    const call = { index: 0, id: callId, type: "function", function: { name, arguments: "" } };
    yield { delta: { tool_calls: [call] } };
    for (const token of tokensOf(all)) yield { delta: { tool_calls: [{ index: 0, function: { arguments: token } }] } };
  }
  for (const token of tokensOf(script.says)) yield chat ? { delta: { content: token } } : { text: token };
}

function promptOf(chat: boolean, body: Fields): { prompt: string; last: string } {
  if (!chat) {
    const prompt = [body["prompt"]].flat().join("\n");
    return { prompt, last: prompt };
  }
  const texts = ((body["messages"] ?? []) as { content?: unknown }[]).map(({ content }) => textOf(content));
  return { prompt: texts.join("\n"), last: texts.at(-1) ?? "" };
}

function textOf(content: unknown): string {
  if (Array.isArray(content)) return content.map((part: { text?: string }) => part.text ?? "").join("\n");
  return typeof content === "string" ? content : "";
}
