import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LookupFunction } from "node:net";
import { promisify } from "node:util";
import OpenAI from "openai";
import { Agent, fetch, request, type Dispatcher } from "undici";
import type { Lab } from "../../scripts/lab/lab";

export const application = "support-desk";
export const model = "qwen3-8b";

/** The door's name leads here; nothing else is looked up. */
export const toThisMachine: LookupFunction = (_name, options, done) =>
  options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);

/** What an application of the company asks a lab with. */
export class LabClient {
  public readonly dispatcher: Agent;

  public constructor(
    private readonly lab: Lab,
    public token: string,
    public readonly port = lab.doors[0] ?? 0,
  ) {
    const { chain, privateKey } = lab.client(application);
    this.dispatcher = new Agent({
      connections: 64,
      connect: { ca: lab.authority, cert: chain, key: privateKey, lookup: toThisMachine },
    });
  }

  public get host(): string {
    return this.lab.options.environment.platform.door.host;
  }

  /** OpenAI's own client, told where the door is. */
  public openai(more: { apiKey?: string; dispatcher?: Dispatcher } = {}): OpenAI {
    return new OpenAI({
      baseURL: `https://${this.host}:${this.port}/v1`,
      apiKey: more.apiKey ?? this.token,
      maxRetries: 0,
      fetch: fetch as never,
      fetchOptions: { dispatcher: more.dispatcher ?? this.dispatcher } as never,
    });
  }

  public async post(body: object, headers: Record<string, string> = {}): Promise<Dispatcher.ResponseData> {
    return request(`https://${this.host}:${this.port}/v1/chat/completions`, {
      method: "POST",
      dispatcher: this.dispatcher,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${this.token}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  /** One streamed answer. @returns its text; rejects where the stream is broken, repeated or has no end. */
  public async stream(content: string): Promise<string> {
    const answer = await this.post({ model, stream: true, max_tokens: 400, messages: [{ role: "user", content }] });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`);
    const frames = text.split("\n\n").filter((line) => line.startsWith("data: "));
    if (frames.at(-1) !== "data: [DONE]") throw new Error(`no end: ${frames.at(-1) ?? "nothing"}`);
    return frames
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice(6)) as { choices?: { delta?: { content?: string } }[] })
      .map(({ choices }) => choices?.[0]?.delta?.content ?? "")
      .join("");
  }

  /** Certificate, key and authority as files of a folder: `c.pem`, `k.pem`, `a.pem`. */
  public writeFiles(folder: string): void {
    const { chain, privateKey } = this.lab.client(application);
    const files = { "c.pem": chain, "k.pem": privateKey, "a.pem": this.lab.authority };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  /** What `openai_client.py` was answered. */
  public async askInPython(python: string, folder: string): Promise<unknown> {
    this.writeFiles(folder);
    const [authority, certificate, key] = ["a.pem", "c.pem", "k.pem"].map((name) => join(folder, name));
    const { host, port, token } = this;
    const asked = promisify(execFile)(python, [join(__dirname, "openai_client.py")]);
    asked.child.stdin?.end(JSON.stringify({ host, port, authority, certificate, key, token, model }));
    return JSON.parse((await asked).stdout);
  }

  public curl(args: readonly string[]): Promise<{ stdout: string }> {
    return promisify(execFile)("curl", [...args]);
  }

  public close(): Promise<void> {
    return this.dispatcher.destroy();
  }
}
