import { Pool } from "undici";
import { z } from "zod";
import { clientCredentials } from "../../shared/mutual-tls";
import type { Analyser } from "./analyser";
import type { PresidioSettings } from "./settings";

const entities = z.array(z.object({ entity_type: z.string(), score: z.number() }));

/** A connection that the other end has just closed is no judgement: the next one is asked once. */
const tries = 2;

/** Presidio's analyzer, over HTTP and mutual TLS. */
export class PresidioAnalyser implements Analyser {
  public readonly name = "presidio";
  public readonly required: boolean;
  public readonly action: PresidioSettings["action"];
  public readonly characters = 20_000;
  private readonly pool: Pool;

  public constructor(private readonly settings: PresidioSettings) {
    const { url, tls, serverName: servername, timeoutMilliseconds: timeout } = settings;
    this.required = settings.required;
    this.action = settings.action;
    this.pool = new Pool(url, { connections: 16, connect: { ...clientCredentials(tls), servername, timeout } });
  }

  public async analyse(text: string, _where: string, signal: AbortSignal): Promise<readonly string[]> {
    const { language, score, timeoutMilliseconds } = this.settings;
    const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    const body = JSON.stringify({ text, language, entities: this.settings.entities, score_threshold: score });
    const said = entities.parse(await this.ask(body, both));
    const found = said.filter((one) => one.score >= score);
    return [...new Set(found.map(({ entity_type }) => `presidio.${entity_type.toLowerCase()}`))];
  }

  public async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async ask(body: string, signal: AbortSignal): Promise<unknown> {
    for (let left = tries; ; left -= 1) {
      try {
        const headers = { "content-type": "application/json" };
        const answer = await this.pool.request({ method: "POST", path: "/analyze", headers, body, signal });
        const said: unknown = await answer.body.json();
        if (answer.statusCode === 200) return said;
        throw new Error(`presidio answered ${answer.statusCode}`);
      } catch (error) {
        if (signal.aborted || left === 1) throw error;
      }
    }
  }
}
