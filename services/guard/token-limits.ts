import type { Refusal } from "../shared/http";
import type { Identity } from "./identity";

/** Counts tokens against what a person and a group may use. */
export interface TokenLimits {
  /** Why the person may not ask now, if they may not; that nobody can tell is a reason too. Never rejects. */
  exceeded(identity: Identity): Promise<Refusal | undefined>;
  /** Adds what an exchange took. */
  charge(identity: Identity, tokens: number): void;
  /** Waits until what was charged is counted, or the time (milliseconds) has passed. */
  close(milliseconds: number): Promise<void>;
}

/** Where the environment sets no limit. */
export const noLimits: TokenLimits = {
  exceeded: () => Promise.resolve(undefined),
  charge: () => undefined,
  close: () => Promise.resolve(),
};
