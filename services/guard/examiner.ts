/** What is done with something that was found, the mildest first. */
export const actions = ["allow", "mask", "block", "quarantine"] as const;
export type Action = (typeof actions)[number];

/** One rule that applied, and how often. */
export interface Applied {
  readonly rule: string;
  readonly count: number;
  readonly action: Action;
}

/** A text after the policy was applied. */
export interface Examined {
  /** The text with what is to be masked masked. */
  readonly text: string;
  readonly applied: readonly Applied[];
  /** The strongest action of all that applied. */
  readonly action: Action;
}

/** One stream of text of an answer, piece by piece. */
export interface StreamExaminer {
  /** Takes a piece. `text` is what may go on, which lags behind by as much as might still turn out to be part of a finding. */
  push(text: string): Examined;
  /** Nothing more comes: gives what was held back. */
  end(): Examined;
}

/** The policy of this moment. A request is judged by one, from its first byte to its last. */
export interface Examiner {
  /** SHA-256 of the policy's text, 64 hexadecimal digits. */
  readonly digest: string;
  prompt(text: string): Examined;
  answer(text: string): Examined;
  answerStream(): StreamExaminer;
}

export const strongest = (found: Iterable<Action>): Action =>
  [...found].reduce<Action>((left, right) => (actions.indexOf(right) > actions.indexOf(left) ? right : left), "allow");

/** Whether an action stops a request; the milder ones let it go on. */
export const stops = (action: Action): action is "block" | "quarantine" =>
  action === "block" || action === "quarantine";

/** Adds up what applied in several texts. */
export function sum(all: readonly (readonly Applied[])[]): Applied[] {
  const sums = new Map<string, Applied>();
  for (const each of all.flat()) {
    const key = `${each.rule} ${each.action}`;
    sums.set(key, { ...each, count: (sums.get(key)?.count ?? 0) + each.count });
  }
  return [...sums.values()];
}
