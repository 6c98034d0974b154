import { createHash } from "node:crypto";
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { scriptOf, tokensOf, type Script } from "./answers";

export interface ModelServerOptions {
  /** Name by which it is asked. */
  readonly model: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** PEM: what it shows, and whose certificates it takes. Absent: it speaks in clear. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority: string };
  /** Milliseconds until the first token, and between tokens. Default: 0 and 0. */
  readonly firstToken?: number;
  readonly eachToken?: number;
  /** Longest prompt and answer together, tokens. Default: 8192. */
  readonly maxModelLength?: number;
  /** Streams tell their tokens whether asked to or not, as `--enable-force-include-usage` makes them. Default: true. */
  readonly forceUsage?: boolean;
}

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  /** Names in the caller's certificate. */
  readonly caller: string | undefined;
  /** The caller went away before the answer was whole. */
  aborted: boolean;
}

type Fields = Record<string, unknown>;

const version = "0.30.0+cloister.stand-in";

/** An answer in the shape of vLLM's errors. */
class Refused extends Error {
  public constructor(
    public readonly status: number,
    message: string,
    public readonly type = "BadRequestError",
  ) {
    super(message);
  }
}

/**
 * Stands in for vLLM's server: its paths, its frames, its errors, its counts. No model is behind it; what it says follows
 * from the prompt.
 */
export class ModelServer {
  public readonly arrived: Arrived[] = [];
  private running = 0;
  private stopping = false;
  private readonly counts = { prompt: 0, answer: 0 };
  private readonly cached = new Map<string, Set<string>>();
  private serial = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: ModelServerOptions,
  ) {}

  public static async start(options: ModelServerOptions): Promise<ModelServer> {
    const { tls } = options;
    const server =
      tls === undefined
        ? createPlain()
        : createSecure({
            ...{ cert: tls.certificate, key: tls.key, ca: tls.authority },
            ...{ requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" },
          });
    // uvicorn's own: a connection is closed after five seconds of silence.
    server.keepAliveTimeout = 5000;
    const made = new ModelServer(server, options);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void made.take(request, response));
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
    await once(server, "listening");
    return made;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes nothing new, and gives what runs so long (ms) to end. */
  public async stop(grace = 0): Promise<void> {
    this.stopping = true;
    const closed = once(this.server, "close");
    this.server.close();
    const end = Date.now() + grace;
    // In a cluster nobody is led to a server any more for some seconds before it is told to end.
    await sleep(Math.min(grace, 1000));
    while (this.running > 0 && Date.now() < end) await sleep(10);
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.running += 1;
    if (this.stopping) response.setHeader("connection", "close");
    try {
      await this.answer(request, response);
    } catch (error) {
      const refused =
        error instanceof Refused ? error : new Refused(500, "Internal server error", "InternalServerError");
      if (response.headersSent) response.destroy();
      else this.json(response, refused.status, errorOf(refused));
    } finally {
      this.running -= 1;
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request.setEncoding("utf8") as AsyncIterable<string>) text += piece;
    const [path = ""] = (request.url ?? "").split("?");
    const arrived: Arrived = {
      ...{ method: request.method ?? "", path, headers: request.headers, body: bodyOf(request, text), aborted: false },
      caller: (request.socket as Partial<TLSSocket>).getPeerCertificate?.().subjectaltname,
    };
    this.arrived.push(arrived);
    response.on("close", () => (arrived.aborted = !response.writableFinished));
    const { model, maxModelLength = 8192 } = this.options;
    const card = {
      id: model,
      object: "model",
      created: 0,
      owned_by: "vllm",
      root: "/weights",
      max_model_len: maxModelLength,
    };
    const fixed: Record<string, () => void> = {
      "GET /health": () => void response.writeHead(200).end(),
      "GET /version": () => this.json(response, 200, { version }),
      "GET /v1/models": () => this.json(response, 200, { object: "list", data: [card] }),
      "GET /metrics": () =>
        void response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(this.metrics()),
      // What a door has to keep shut: each would do what it says.
      "POST /pause": () => this.json(response, 200, { status: "paused" }),
      "POST /invocations": () => this.json(response, 200, {}),
      "POST /reset_prefix_cache": () => void response.writeHead(200).end(),
      "POST /v1/load_lora_adapter": () => void response.writeHead(200).end("Success"),
      "POST /tokenize": () => this.json(response, 200, { count: tokensOf(String(arrived.body["prompt"])).length }),
    };
    const handler = fixed[`${arrived.method} ${path}`];
    if (handler !== undefined) return handler();
    if (arrived.method !== "POST") throw new Refused(404, "Not Found", "NotFoundError");
    if (this.stopping) throw new Refused(503, "The server is shutting down", "ServiceUnavailableError");
    this.check(arrived.body);
    if (path === "/v1/embeddings") return this.embed(arrived.body, response);
    if (path !== "/v1/chat/completions" && path !== "/v1/completions")
      throw new Refused(404, "Not Found", "NotFoundError");
    return this.generate(path === "/v1/chat/completions", arrived, response);
  }

  private check(body: Fields): void {
    const { model } = this.options;
    if (body["model"] !== model) {
      throw new Refused(404, `The model \`${String(body["model"])}\` does not exist.`, "NotFoundError");
    }
    const temperature = body["temperature"] ?? 1;
    if (typeof temperature !== "number" || temperature < 0) {
      throw new Refused(400, `temperature must be non-negative, got ${JSON.stringify(temperature)}.`);
    }
  }

  private embed(body: Fields, response: ServerResponse): void {
    const texts = [body["input"]].flat().map(String);
    const data = texts.map((text, index) => {
      const digest = createHash("sha256").update(text).digest();
      const vector = [...digest.subarray(0, 16)].map((byte) => byte / 128 - 1);
      const packed = Buffer.from(Float32Array.from(vector).buffer).toString("base64");
      return { object: "embedding", index, embedding: body["encoding_format"] === "base64" ? packed : vector };
    });
    const tokens = texts.reduce((sum, text) => sum + tokensOf(text).length, 0);
    this.json(response, 200, {
      ...{ id: this.id("embd"), object: "list", created: now(), model: body["model"], data },
      usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 },
    });
  }

  private async generate(chat: boolean, arrived: Arrived, response: ServerResponse): Promise<void> {
    const { body } = arrived;
    const { prompt, last } = promptOf(chat, body);
    const most = Number(body["max_completion_tokens"] ?? body["max_tokens"] ?? 16);
    const promptTokens = tokensOf(prompt).length;
    const { maxModelLength = 8192 } = this.options;
    if (promptTokens + (most === 16 ? 0 : most) > maxModelLength) {
      throw new Refused(
        400,
        `This model's maximum context length is ${maxModelLength} tokens. However, you requested ${promptTokens + most} tokens.`,
      );
    }
    const script = scriptOf(prompt, last, most);
    if (script.fails !== undefined)
      throw new Refused(script.fails, "EngineCore encountered an issue.", "InternalServerError");
    const cachedTokens = this.cachedTokens(JSON.stringify(body["cache_salt"] ?? ""), prompt);
    const usage = (answer: number): Fields => ({
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + answer,
      completion_tokens: answer,
      prompt_tokens_details: { cached_tokens: cachedTokens },
    });
    const answerTokens =
      tokensOf(script.says).length +
      tokensOf(script.thinks ?? "").length +
      tokensOf(script.calls?.arguments ?? "").length;
    this.counts.prompt += promptTokens;
    this.counts.answer += answerTokens;
    const reason = script.calls !== undefined ? "tool_calls" : answerTokens >= most ? "length" : "stop";
    await this.pause(this.options.firstToken ?? 0);
    if (body["stream"] === true) return this.stream(chat, arrived, response, script, usage, reason);
    await this.pause((this.options.eachToken ?? 0) * answerTokens);
    const id = this.id(chat ? "chatcmpl" : "cmpl");
    const choice = chat
      ? {
          message: {
            role: "assistant",
            content: script.says,
            refusal: null,
            tool_calls: script.calls === undefined ? [] : [callOf(script)],
            reasoning_content: script.thinks ?? null,
          },
        }
      : { text: script.says, prompt_logprobs: null };
    this.json(response, 200, {
      ...{ id, object: chat ? "chat.completion" : "text_completion", created: now(), model: body["model"] },
      choices: [{ index: 0, ...choice, logprobs: null, finish_reason: reason, stop_reason: null }],
      usage: usage(answerTokens),
      prompt_logprobs: null,
      kv_transfer_params: null,
    });
  }

  private async stream(
    chat: boolean,
    arrived: Arrived,
    response: ServerResponse,
    script: Script,
    usage: (answer: number) => Fields,
    reason: string,
  ): Promise<void> {
    const { body } = arrived;
    const head = {
      id: this.id(chat ? "chatcmpl" : "cmpl"),
      object: chat ? "chat.completion.chunk" : "text_completion",
      created: now(),
      model: body["model"],
    };
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const send = async (value: Fields): Promise<void> => {
      if (!response.write(`data: ${JSON.stringify({ ...head, ...value })}\n\n`)) await once(response, "drain");
    };
    const choice = (said: Fields, finish: string | null = null): Fields => ({
      choices: [
        { index: 0, ...said, logprobs: null, finish_reason: finish, ...(finish === null ? {} : { stop_reason: null }) },
      ],
    });
    if (chat) await send(choice({ delta: { role: "assistant", content: "" } }));
    let pieces = 0;
    for (const said of piecesOf(chat, script)) {
      if (arrived.aborted) return;
      if (script.after?.pieces === pieces) {
        if (script.after.does === "stall") return void (await once(response, "close"));
        if (script.after.does === "cut") return void response.destroy();
        response.write(
          `data: ${JSON.stringify(errorOf(new Refused(500, "EngineCore encountered an issue.", "InternalServerError")))}\n\n`,
        );
        return void response.end("data: [DONE]\n\n");
      }
      if (pieces > 0) await this.pause(this.options.eachToken ?? 0);
      await send(choice(said));
      pieces += 1;
    }
    await send(choice(chat ? { delta: { content: "" } } : { text: "" }, reason));
    const options = body["stream_options"] as { include_usage?: boolean } | undefined;
    if (options?.include_usage === true || (this.options.forceUsage ?? true))
      await send({ choices: [], usage: usage(pieces) });
    response.end("data: [DONE]\n\n");
  }

  private pause(milliseconds: number): Promise<unknown> {
    return milliseconds > 0 ? sleep(milliseconds) : Promise.resolve();
  }

  /** Tokens of the prompt that this salt's cache had. */
  private cachedTokens(salt: string, prompt: string): number {
    const known = this.cached.get(salt) ?? new Set<string>();
    const blocks = prompt.match(/[^]{16}/g) ?? [];
    let hits = 0;
    for (let index = 0; index < blocks.length; index += 1) {
      const prefix = blocks.slice(0, index + 1).join("");
      if (known.has(prefix)) hits += 1;
      known.add(prefix);
    }
    this.cached.set(salt, known);
    return hits;
  }

  private id(prefix: string): string {
    return `${prefix}-${String((this.serial += 1)).padStart(32, "0")}`;
  }

  private metrics(): string {
    const label = `{model_name="${this.options.model}"}`;
    return [
      `vllm:num_requests_running${label} ${this.running - 1}`,
      `vllm:num_requests_waiting${label} 0`,
      `vllm:kv_cache_usage_perc${label} 0`,
      `vllm:prompt_tokens_total${label} ${this.counts.prompt}`,
      `vllm:generation_tokens_total${label} ${this.counts.answer}`,
      "",
    ].join("\n");
  }

  private json(response: ServerResponse, status: number, value: object): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  }
}

const now = (): number => Math.floor(Date.now() / 1000);

const errorOf = ({ message, type, status }: Refused): object => ({
  error: { message, type, param: null, code: status },
});

const callOf = ({ calls }: Script): Fields => ({
  id: "chatcmpl-tool-1",
  type: "function",
  function: { name: calls?.name ?? "", arguments: calls?.arguments ?? "" },
});

function* piecesOf(chat: boolean, script: Script): Generator<Fields> {
  for (const token of tokensOf(script.thinks ?? "")) yield { delta: { reasoning_content: token } };
  if (script.calls !== undefined) {
    const { name, arguments: all } = script.calls;
    yield {
      delta: { tool_calls: [{ index: 0, id: "chatcmpl-tool-1", type: "function", function: { name, arguments: "" } }] },
    };
    for (const token of tokensOf(all)) yield { delta: { tool_calls: [{ index: 0, function: { arguments: token } }] } };
  }
  for (const token of tokensOf(script.says)) yield chat ? { delta: { content: token } } : { text: token };
}

function bodyOf(request: IncomingMessage, text: string): Fields {
  if (text === "") return {};
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new Refused(415, "Unsupported Media Type: Only 'application/json' is allowed");
  }
  try {
    return JSON.parse(text) as Fields;
  } catch {
    throw new Refused(400, "JSON decode error");
  }
}

function promptOf(chat: boolean, body: Fields): { prompt: string; last: string } {
  if (!chat) {
    const prompt = [body["prompt"]].flat().join("\n");
    return { prompt, last: prompt };
  }
  const messages = (body["messages"] ?? []) as { content?: unknown }[];
  const texts = messages.map(({ content }) =>
    Array.isArray(content)
      ? content.map((part: { text?: string }) => part.text ?? "").join("\n")
      : typeof content === "string"
        ? content
        : "",
  );
  return { prompt: texts.join("\n"), last: texts.at(-1) ?? "" };
}
