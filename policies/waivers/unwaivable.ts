/** Why a rule may not be waived, whoever agrees. */
export type UnwaivableReason = "record" | "door" | "guard";

/** The three reasons as a person reads them. What they have in common: what happened meanwhile can't be taken back. */
export const unwaivableReasons: Readonly<Record<UnwaivableReason, string>> = {
  record:
    "what is lost from the record, or locked into it against somebody's right to erasure, does not come back when a waiver ends",
  door: "a second way in makes every other promise of the platform void, and nobody can tell afterwards who used it",
  guard: "what a model gave away unwatched, or learned from data nobody cleaned, can't be called back",
};

/**
 * Rules that nobody may waive. Not among them, deliberately: IMM-02 (counsel may agree on other days), IMM-03 (buckets that
 * hold no record), NET-05 (a way out can be closed again, and an environment file may ask for one), AI-09 (of its three
 * questions only one is the door's, and NET-01 and NET-09 ask it too).
 */
export const unwaivable: Readonly<Record<string, UnwaivableReason>> = {
  "IMM-01": "record",
  "IMM-04": "record",
  "IMM-05": "record",
  "IMM-06": "record",
  "IMM-07": "record",
  "IMM-08": "record",
  "AUD-07": "record",
  "NET-01": "door",
  "NET-02": "door",
  "NET-03": "door",
  "NET-04": "door",
  "NET-08": "door",
  "NET-09": "door",
  "AI-02": "door",
  "AI-03": "door",
  "AI-05": "guard",
  "AI-06": "guard",
  "AI-07": "guard",
  "AI-08": "guard",
};

/** Why a rule may not be waived, in a sentence; undefined where it may. */
export function whyUnwaivable(rule: string): string | undefined {
  const reason = unwaivable[rule];
  return reason && `${rule} cannot be waived: ${unwaivableReasons[reason]}`;
}
