import type { Refusal } from "../shared/http";
import type { Identity } from "./identity";

/** Counts tokens against what a person and a group may use. */
export interface TokenLimits {
  /** Why the person may not ask now, if they may not. Rejects with a Refusal where nobody can tell. */
  exceeded(identity: Identity): Promise<Refusal | undefined>;
  /** Adds what an exchange took. */
  charge(identity: Identity, tokens: number): void;
}

/** Where the environment sets no limit. */
export const noLimits: TokenLimits = {
  exceeded: () => Promise.resolve(undefined),
  charge: () => undefined,
};
