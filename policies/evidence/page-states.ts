import type { State } from "../rule";
import type { WaiverState } from "../waivers/waiver";
import { markup, type Markup } from "./markup";

/** The six states as a page shows them: by mark and word, so that colour alone says nothing. Marks are set by the style. */
export const states: readonly {
  readonly state: State;
  readonly word: string;
  /** What a number beside it counts. */
  readonly counts: string;
}[] = [
  { state: "pass", word: "pass", counts: "checks passed" },
  { state: "fail", word: "fail", counts: "checks failed" },
  { state: "waived", word: "waived", counts: "checks waived" },
  { state: "open", word: "open", counts: "checks undecided" },
  { state: "notApplicable", word: "not applicable", counts: "rules met nothing of their kind" },
  { state: "notEvaluated", word: "not evaluated", counts: "rules did not run" },
];

/** A waiver is shown in the colour of what it does to its finding. */
export const waiverStates: Record<WaiverState, { readonly word: string; readonly like: State }> = {
  active: { word: "active", like: "waived" },
  expired: { word: "expired", like: "fail" },
  malformed: { word: "malformed", like: "fail" },
  "changed-inputs": { word: "changed inputs", like: "fail" },
  refused: { word: "refused", like: "fail" },
  unused: { word: "unused", like: "notEvaluated" },
};

export function wordOf(state: State): string {
  return states.find((candidate) => candidate.state === state)!.word;
}

export function pill(state: State, word = wordOf(state)): Markup {
  return markup`<span class="s ${state}">${word}</span>`;
}

/** The worst first. */
export const gravity: readonly State[] = ["fail", "open", "waived", "notEvaluated", "pass", "notApplicable"];

/** What a whole is to be called: never pass where a part of it did not run. Undefined for nothing. */
export function worst(held: readonly State[]): State | undefined {
  return gravity.find((state) => held.includes(state));
}
