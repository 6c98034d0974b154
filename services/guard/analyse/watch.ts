import type { Logger } from "../../shared/log";
import type { Applied } from "../examiner";
import type { GuardMetrics } from "../metrics";
import type { Analyser, Where } from "./analyser";
import { Windows } from "./windows";

/** What an analyser found beside a request. */
export interface FoundBeside {
  readonly where: Where;
  readonly applied: readonly Applied[];
}

export interface WatchOptions {
  readonly analysers: readonly Analyser[];
  readonly metrics: GuardMetrics;
  readonly log: Logger;
  /** Aborted when nobody needs a judgement any more. */
  readonly signal: AbortSignal;
  readonly onFound: (found: FoundBeside) => void;
  /** Told of an analyser that gave no judgement although one is required. */
  readonly onMissing: (analyser: string) => void;
}

/** Characters of an answer that are judged at once, at most: what is found late was shown already. */
const answerCharacters = 1000;

/** The analysers at work beside one request: each judges one window after the other, and nobody waits but the end. */
export class Watch {
  private readonly windows = new Map<string, { readonly where: Where; readonly of: Windows; readonly by: Analyser }>();
  private readonly work = new Map<Analyser, Promise<void>>();

  public constructor(private readonly options: WatchOptions) {}

  /** The whole prompt. */
  public prompt(text: string): void {
    this.take("prompt", "", text);
    this.flush("prompt");
  }

  /** A piece of one text of the answer, as the client gets it. */
  public answer(key: string, text: string): void {
    if (text !== "") this.take("answer", key, text);
  }

  /** Resolves when everything was judged. */
  public async end(): Promise<void> {
    this.flush("answer");
    await Promise.all(this.work.values());
  }

  private take(where: Where, key: string, text: string): void {
    for (const by of this.options.analysers) {
      const name = `${by.name} ${where} ${key}`;
      const characters = where === "answer" ? Math.min(by.characters, answerCharacters) : by.characters;
      const one = this.windows.get(name) ?? { where, of: new Windows(characters), by };
      this.windows.set(name, one);
      for (const window of one.of.push(text)) this.queue(by, where, window);
    }
  }

  private flush(place: Where): void {
    for (const [name, { where, of, by }] of this.windows) {
      if (where !== place) continue;
      this.windows.delete(name);
      for (const window of of.end()) this.queue(by, where, window);
    }
  }

  private queue(by: Analyser, where: Where, window: string): void {
    const before = this.work.get(by) ?? Promise.resolve();
    this.work.set(
      by,
      before.then(() => this.judge(by, where, window)),
    );
  }

  private async judge(by: Analyser, where: Where, window: string): Promise<void> {
    const { metrics, log, signal, onFound, onMissing } = this.options;
    if (signal.aborted) return;
    const end = metrics.analysisSeconds.startTimer({ analyser: by.name });
    try {
      const rules = await by.analyse(window, where, signal);
      metrics.analyses.inc({ analyser: by.name, outcome: rules.length > 0 ? "found" : "clear" });
      if (rules.length === 0 || signal.aborted) return;
      onFound({ where, applied: rules.map((rule) => ({ rule, count: 1, action: by.action })) });
    } catch (error) {
      if (signal.aborted) return;
      metrics.analyses.inc({ analyser: by.name, outcome: "none" });
      log.error({ analyser: by.name, reason: String(error) }, "an analyser gave no judgement");
      if (by.required) onMissing(by.name);
    } finally {
      end();
    }
  }
}
