import { request } from "undici";
import { z } from "zod";
import type { GuardConfiguration } from "./config";

/**
 * Something that judges a text and takes its time: a model, or a service with one. It runs beside the request and can stop
 * it; no stream waits for it.
 */
export interface Analyser {
  readonly name: string;
  /** A request goes on without its judgement only if this is false. */
  readonly required: boolean;
  /** @returns rules for which the request has to be stopped. Rejects where no judgement came. */
  analyse(text: string, signal: AbortSignal): Promise<readonly string[]>;
}

const entities = z.array(z.object({ entity_type: z.string(), score: z.number() }));

/** Microsoft Presidio's analyzer, over HTTP. */
export class PresidioAnalyser implements Analyser {
  public readonly name = "presidio";
  public readonly required: boolean;

  public constructor(private readonly settings: GuardConfiguration["analysers"][number]) {
    this.required = settings.required;
  }

  public async analyse(text: string, signal: AbortSignal): Promise<readonly string[]> {
    const { url, language, score, timeoutMilliseconds } = this.settings;
    const answer = await request(new URL("/analyze", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, language, entities: this.settings.entities, score_threshold: score }),
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: timeoutMilliseconds,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
    });
    const said: unknown = await answer.body.json();
    if (answer.statusCode !== 200) throw new Error(`presidio answered ${answer.statusCode}`);
    const found = entities.parse(said).filter((one) => one.score >= score);
    return [...new Set(found.map(({ entity_type }) => `presidio.${entity_type.toLowerCase()}`))];
  }
}
