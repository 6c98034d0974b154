import { createHash } from "node:crypto";
import { Agent, request } from "undici";
import type { Lab } from "../lab/lab";
import { labPeople } from "../lab/ground/lab-people";

/**
 * How a request ended, as the application saw it:
 * - `whole`: all of the answer came, with its end;
 * - `told`: the answer broke off, and an error at its end said so;
 * - `refused`: an error in place of an answer;
 * - `cut`: the connection broke off;
 * - `wrong`: another answer than the one that was asked for.
 */
export const ends = ["whole", "told", "refused", "cut", "wrong"] as const;
export type Ended = (typeof ends)[number];

/** One request, as the application remembers it. */
export interface Outcome {
  readonly number: number;
  /** What was sent, JSON. */
  readonly body: string;
  readonly ended: Ended;
  /** Some of the answer came. */
  readonly began: boolean;
  /** SHA-256 of all that came, hexadecimal. */
  readonly digest: string;
  /** What was said or what broke, where it did not end whole. */
  readonly why: string;
}

export interface LoadOptions {
  readonly lab: Lab;
  /** A word that is in each of its prompts, and in no other load's of the same lab. */
  readonly title: string;
  /** Port on 127.0.0.1 that is asked. */
  readonly port: number;
  /** Requests at once. */
  readonly width: number;
  /** Requests after which a connection is given up for a new one. Default: it is kept as long as the door lets it. */
  readonly requestsPerConnection?: number;
}

/** The lab's person with every right. */
export const asker = labPeople([])[0]?.name ?? "";
const tokenMilliseconds = 200_000;
/** Those that are refused at once do not come faster than this. */
const pauseMilliseconds = 20;
const words = "one two three four five six seven eight nine ten eleven twelve";

/** Requests of an application, so many at once, one after another, each second one a stream. */
export class Load {
  public readonly outcomes: Outcome[] = [];
  private readonly dispatcher: Agent;
  private readonly workers: Promise<void>[];
  private readonly waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  private going = true;
  private events = 0;
  private serial = 0;
  private token: Promise<string> | undefined;
  private tokenAt = 0;

  public constructor(private readonly options: LoadOptions) {
    const { lab, width, requestsPerConnection } = options;
    const { host, clients } = lab.options.environment.platform.door;
    const { chain, privateKey } = lab.client(clients[0]?.name ?? "");
    this.dispatcher = new Agent({
      connections: width,
      maxRequestsPerClient: requestsPerConnection,
      connect: { ca: lab.authority, cert: chain, key: privateKey, servername: host },
    });
    this.workers = Array.from({ length: width }, () => this.work());
  }

  /** Resolves once so many more pieces of answers, or ends of requests, have come. */
  public progress(count: number): Promise<void> {
    return new Promise((resolve) => void this.waiting.push({ at: this.events + count, resolve }));
  }

  /** Asks nothing new, and resolves when every request has ended. */
  public async stop(): Promise<readonly Outcome[]> {
    this.going = false;
    await Promise.all(this.workers);
    await this.dispatcher.destroy();
    return this.outcomes;
  }

  private async work(): Promise<void> {
    while (this.going) {
      const outcome = await this.ask((this.serial += 1));
      this.outcomes.push(outcome);
      this.happened();
      if (outcome.ended !== "whole") await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }

  private happened(): void {
    this.events += 1;
    for (const one of this.waiting.splice(0)) {
      if (one.at <= this.events) one.resolve();
      else this.waiting.push(one);
    }
  }

  private freshToken(): Promise<string> {
    const { lab } = this.options;
    if (this.token === undefined || Date.now() - this.tokenAt > tokenMilliseconds) {
      this.tokenAt = Date.now();
      const application = lab.options.environment.platform.door.clients[0]?.name ?? "";
      this.token = lab.token(application, asker);
    }
    return this.token;
  }

  private async ask(number: number): Promise<Outcome> {
    const { lab, port, title } = this.options;
    const { door, models } = lab.options.environment.platform;
    const said = `${title} ${number} ${words}`;
    const stream = number % 2 === 0;
    const messages = [{ role: "user", content: `say: ${said}` }];
    const body = JSON.stringify({ model: models[0]?.name, stream, max_tokens: 64, messages });
    const hash = createHash("sha256");
    let text = "";
    const ended = (how: Ended, why = ""): Outcome => ({
      ...{ number, body, ended: how, why: why.slice(0, 300) },
      ...{ began: how !== "refused" && text !== "", digest: hash.digest("hex") },
    });
    try {
      const answer = await request(`https://127.0.0.1:${port}/v1/chat/completions`, {
        method: "POST",
        dispatcher: this.dispatcher,
        headers: {
          host: door.host,
          "content-type": "application/json",
          authorization: `Bearer ${await this.freshToken()}`,
        },
        body,
      });
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        hash.update(piece);
        text += piece.toString("utf8");
        this.happened();
      }
      if (answer.statusCode !== 200) return ended("refused", `${answer.statusCode} ${text}`);
      const { how, content } = stream ? readStream(text) : readWhole(text);
      return how === "whole" && content !== said ? ended("wrong", text) : ended(how, text.slice(-300));
    } catch (error) {
      const { message, cause } = error as Error;
      return ended("cut", cause instanceof Error ? `${message}: ${cause.message}` : message);
    }
  }
}

interface Chunk {
  readonly error?: unknown;
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
}

function readStream(text: string): { how: Ended; content: string } {
  const frames = text.split("\n\n").filter((line) => line.startsWith("data: "));
  const last = frames.at(-1) ?? "";
  if (last === "data: [DONE]") {
    const chunks = frames.slice(0, -1).map((line) => JSON.parse(line.slice(6)) as Chunk);
    return { how: "whole", content: chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? "").join("") };
  }
  return { how: last.startsWith('data: {"error"') ? "told" : "cut", content: "" };
}

function readWhole(text: string): { how: Ended; content: string } {
  const { choices } = JSON.parse(text) as { choices: readonly { message: { content: string } }[] };
  return { how: "whole", content: choices[0]?.message.content ?? "" };
}
