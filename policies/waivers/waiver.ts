/** Somebody's signed-off acceptance of one finding, for a while: one entry of `stacks/<environment>/waivers.yaml`. */
export interface Waiver {
  /** Such as `W-7`; unique within the environment. */
  readonly id: string;
  /** Id of the one rule it is about. */
  readonly policy: string;
  /** URN of the one resource it is about; no patterns. */
  readonly urn: string;
  /** Why the finding is accepted: 20 characters or more. */
  readonly reason: string;
  /** Mail address of who answers for it. */
  readonly owner: string;
  /** Mail address of who agreed: somebody else. */
  readonly approver: string;
  readonly ticket?: string;
  /** Days, `2026-12-31`. At most 90 lie between them. */
  readonly created: string;
  readonly expires: string;
  /** What keeps the promise meanwhile. */
  readonly compensating: string;
  /** SHA-256 over what the rule had read to come to its failure when it was agreed to: see `Verdict.inputsSha256`. */
  readonly inputsSha256: string;
}

/**
 * What became of a waiver in one run. Only an `active` one turns a failure into `waived`. `unused`: what it waives did not
 * fail, or is not there. `refused`: the rule may not be waived at all, its approver may not approve, or the value was not
 * known.
 */
export type WaiverState = "active" | "expired" | "malformed" | "changed-inputs" | "unused" | "refused";

export interface JudgedWaiver {
  readonly waiver: Waiver;
  readonly state: WaiverState;
  /** Whole days left, 0 on the last one; negative once it is over. */
  readonly daysLeft: number;
  /** Why it has this state, in a sentence. */
  readonly message: string;
}
