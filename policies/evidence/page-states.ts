import type { State } from "../rule";
import { markup, type Markup } from "./markup";

/** The six states as a page shows them: by mark and word, so that colour alone says nothing. */
export const states: readonly {
  readonly state: State;
  readonly mark: string;
  readonly word: string;
  readonly counts: string;
}[] = [
  { state: "pass", mark: "✓", word: "pass", counts: "checks passed" },
  { state: "fail", mark: "✕", word: "fail", counts: "checks failed" },
  { state: "waived", mark: "⚑", word: "waived", counts: "checks waived" },
  { state: "open", mark: "?", word: "open", counts: "checks undecided" },
  { state: "notApplicable", mark: "–", word: "not applicable", counts: "rules met nothing of their kind" },
  { state: "notEvaluated", mark: "○", word: "not evaluated", counts: "rules did not run" },
];

export function pill(state: State): Markup {
  const { mark, word } = states.find((candidate) => candidate.state === state)!;
  return markup`<span class="state ${state}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
}
