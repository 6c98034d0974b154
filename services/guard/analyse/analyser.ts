import type { Action } from "../examiner";

/** Whose words are judged. */
export type Where = "prompt" | "answer";

/**
 * Something that judges a text and takes its time: a model, or a service with one. It runs beside the request and can stop
 * it; no stream waits for it but for its end.
 */
export interface Analyser {
  readonly name: string;
  /** A request goes on without its judgement only if this is false. */
  readonly required: boolean;
  /** What is done with a request in which it found something. */
  readonly action: Extract<Action, "block" | "quarantine">;
  /** Characters that it is given at once, at most. */
  readonly characters: number;
  /** @returns rules for which the request has to be stopped. Rejects where no judgement came. */
  analyse(text: string, where: Where, signal: AbortSignal): Promise<readonly string[]>;
  /** Gives back what it holds. Default: it holds nothing. */
  close?(): Promise<void>;
}
