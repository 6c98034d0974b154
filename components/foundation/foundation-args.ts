import type { Environment } from "../../stacks/environment";
import type { Authorities } from "./pki/pki-plan";

/** What every footprint is laid from. */
export interface FoundationArgs<E extends Environment = Environment> {
  /** The environment, as its file says. */
  readonly environment: E;
  /** From the offline ceremony; checked before anything is made. */
  readonly authorities: Authorities;
}
