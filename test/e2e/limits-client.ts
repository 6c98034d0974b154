import { Agent, request } from "undici";
import type { Lab } from "../../scripts/lab/lab";
import { model } from "./lab-client";

/** What came of one question. */
export interface Told {
  readonly status: number;
  /** OpenAI's code of an error. */
  readonly code: string | undefined;
  /** Seconds after which it is worth another try. */
  readonly retryAfter: number;
}

/** Asks each guard of a lab by itself, with the door's own certificate: whoever the door would have said it is. */
export class GuardsClient {
  private readonly door: Agent;
  private readonly prometheus: Agent;

  public constructor(private readonly lab: Lab) {
    this.door = this.agent("door");
    this.prometheus = this.agent("prometheus");
  }

  /** One answer of so many words, by the guard of this number. */
  public async ask(guard: number, person: string, words: number, groups = "llm-users"): Promise<Told> {
    const content = `say: ${Array.from({ length: words }, () => "word").join(" ")}`;
    const answer = await request(`https://127.0.0.1:${this.port(guard, 8444)}/v1/chat/completions`, {
      method: "POST",
      dispatcher: this.door,
      headers: {
        "content-type": "application/json",
        "x-cloister-application": "support-desk",
        "x-cloister-person": person,
        "x-cloister-groups": groups,
        "x-cloister-certificate": "ab".repeat(32),
      },
      body: JSON.stringify({ model, stream: true, max_tokens: 4096, messages: [{ role: "user", content }] }),
    });
    const text = await answer.body.text();
    if (answer.statusCode === 200) await this.counted(guard);
    const { error } = answer.statusCode === 200 ? {} : (JSON.parse(text) as { error?: { code?: string } });
    const retryAfter = Number(answer.headers["retry-after"] ?? Number.NaN);
    return { status: answer.statusCode, code: error?.code, retryAfter };
  }

  public async close(): Promise<void> {
    await Promise.all([this.door.destroy(), this.prometheus.destroy()]);
  }

  /** Waits until a guard owes nothing: what an answer took is counted beside its end, not before. */
  private async counted(guard: number): Promise<void> {
    for (;;) {
      const metrics = await request(`https://127.0.0.1:${this.port(guard, 8445)}/metrics`, {
        dispatcher: this.prometheus,
      });
      if (/^cloister_guard_tokens_owed 0$/m.test(await metrics.body.text())) return;
    }
  }

  private port(guard: number, port: number): number {
    return this.lab.processesOf("guard")[guard]?.ports[port] ?? 0;
  }

  private agent(leaf: string): Agent {
    const { chain, privateKey } = this.lab.substrate.certificate(leaf);
    const servername = "guard.gateway.svc";
    return new Agent({ connect: { ca: this.lab.authority, cert: chain, key: privateKey, servername } });
  }
}

/** Does it again where a window of counting has ended meanwhile: then it proves nothing. */
export async function withinOne<Result>(seconds: number, work: () => Promise<Result>): Promise<Result> {
  const window = (): number => Math.floor(Date.now() / 1000 / seconds);
  for (;;) {
    const before = window();
    const result = await work();
    if (window() === before) return result;
  }
}
