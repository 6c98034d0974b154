/** One thing that keeps the set-up from going on. */
export interface SetupProblem {
  /** What was needed, and what for: "Go 1.26.6 or newer, to build the engine". */
  readonly needed: string;
  /** What was found instead: "Go 1.22.1 at /usr/bin/go". */
  readonly found: string;
  /** What the person can do about it. */
  readonly mend: string;
  /** The end of a tool's own output, where there is some. */
  readonly output?: string;
  /** Where that output is in full. */
  readonly log?: string;
}

/** Everything that is missing or failed, at once, in words for the person who has to mend it; print the message alone. */
export class SetupError extends Error {
  override readonly name = "SetupError";

  constructor(readonly problems: readonly SetupProblem[]) {
    super(problems.map(describe).join("\n\n"));
  }
}

function describe({ needed, found, mend, output, log }: SetupProblem): string {
  const lines = [`needed   ${needed}`, `found    ${found}`, `to mend  ${mend}`];
  if (output) lines.push(...output.split("\n").map((line) => `    ${line}`));
  if (log) lines.push(`log      ${log}`);
  return lines.join("\n");
}
