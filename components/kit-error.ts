import { RunError } from "@pulumi/pulumi";

/** One thing a person got wrong, told so that it can be mended without reading any code. */
export interface Mistake {
  /** Where it is, such as `platform.models[0].replicas (line 34)`. */
  readonly path: string;
  /** What was found there. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
  /** What to do about it. */
  readonly mend: string;
}

/**
 * A person's mistake, as opposed to a bug of ours: it prints without a stack, with every mistake at once. The engine
 * knows it by its base class, `RunError`, and stops before anything is changed.
 */
export class KitError extends RunError {
  public readonly mistakes: readonly Mistake[];

  public constructor(title: string, mistakes: readonly Mistake[]) {
    super(formatMistakes(title, mistakes));
    this.name = "KitError";
    this.mistakes = mistakes;
  }
}

function formatMistakes(title: string, mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
  const lines = mistakes.flatMap((mistake, index) => [
    `  ${index + 1}. ${mistake.path}`,
    `     found:   ${mistake.found}`,
    `     allowed: ${mistake.allowed}`,
    `     mend:    ${mistake.mend}`,
  ]);
  return [`${title}: ${count}, nothing was changed.`, ...lines].join("\n");
}
