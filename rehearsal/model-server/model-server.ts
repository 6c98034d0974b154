import { createHash } from "node:crypto";
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import { once } from "node:events";
import { Server as NetServer, type AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { tokensOf } from "./answers";
import { Generation } from "./generation";
import { PrefixCache } from "./prefix-cache";
import { errorOf, Refused } from "./refused";

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

/**
 * Stands in for vLLM's server: its paths, its frames, its errors, its counts. No model is behind it; what it says follows
 * from the prompt.
 */
export class ModelServer {
  public readonly arrived: Arrived[] = [];
  private running = 0;
  private stopping = false;
  private readonly counts = { prompt: 0, answer: 0 };
  private readonly cache = new PrefixCache();
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

  /**
   * Takes no connection any more, and gives those that are there so long (ms) to end. In a cluster nobody is led to a server
   * any more before it is told to end; here its callers learn that it goes from each answer, and from their own connections'
   * ends. One that it closed itself could have a request on it already.
   */
  public async stop(grace = 0): Promise<void> {
    this.stopping = true;
    const closed = once(this.server, "close");
    // Not the HTTP server's own: that closes connections as soon as they are silent.
    NetServer.prototype.close.call(this.server);
    const cut = setTimeout(() => this.server.closeAllConnections(), grace);
    await closed;
    clearTimeout(cut);
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
    this.check(arrived.body);
    if (path === "/v1/embeddings") return this.embed(arrived.body, response);
    if (path !== "/v1/chat/completions" && path !== "/v1/completions")
      throw new Refused(404, "Not Found", "NotFoundError");
    const chat = path === "/v1/chat/completions";
    const { firstToken = 0, eachToken = 0, forceUsage = true } = this.options;
    const settings = { firstToken, eachToken, maxModelLength, forceUsage, cache: this.cache };
    const generation = new Generation(settings, chat, arrived, this.id(chat ? "chatcmpl" : "cmpl"));
    this.counts.prompt += generation.promptTokens;
    this.counts.answer += generation.answerTokens;
    return generation.answer(response);
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
      ...{ id: this.id("embd"), object: "list", created: Math.floor(Date.now() / 1000), model: body["model"], data },
      usage: { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 },
    });
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
