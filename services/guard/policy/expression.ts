import { RE2JS } from "re2js";

/** What RE2 knows of an expression before any text is judged by it. */
export interface Expression {
  /** Characters (UTF-16) of its longest match; infinite where a repetition has no end. */
  readonly longest: number;
  /** It matches a text of no characters. */
  readonly empty: boolean;
  /** Steps of its program: each character of a text may cost as many. */
  readonly size: number;
}

/** Numbers of the instructions of re2js's program, as its source has them. */
const op = { alternative: 1, alternativeMatch: 2, fail: 5, match: 6, firstRune: 8, lastRune: 11 } as const;
const astral = 0xffff;

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: Int32Array;
}

/** Characters that an instruction takes: two where it may take one beyond the basic plane. */
function taken({ op: kind, runes }: Instruction): number {
  if (kind < op.firstRune || kind > op.lastRune) return 0;
  return runes.length === 0 || runes.some((rune) => rune > astral) ? 2 : 1;
}

/** Longest way through the program: a circle means that there is none. */
function longestWay(program: readonly Instruction[], start: number): number {
  const known = new Map<number, number>();
  const under = new Set<number>();
  // Programs have thousands of steps: the stack is ours.
  const todo = [start];
  while (todo.length > 0) {
    const at = todo.at(-1) as number;
    const step = program[at] as Instruction;
    const next =
      step.op === op.match || step.op === op.fail
        ? []
        : step.op === op.alternative || step.op === op.alternativeMatch
          ? [step.out, step.arg]
          : [step.out];
    under.add(at);
    const [open] = next.filter((one) => !known.has(one));
    if (open !== undefined) {
      if (under.has(open)) return Infinity;
      todo.push(open);
      continue;
    }
    const rest = next.map((one) => known.get(one) ?? -Infinity);
    known.set(at, step.op === op.match ? 0 : taken(step) + Math.max(-Infinity, ...rest));
    under.delete(at);
    todo.pop();
  }
  return known.get(start) ?? 0;
}

/** @returns undefined for what is no expression of RE2's syntax. */
export function readExpression(source: string): Expression | undefined {
  try {
    const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    const { inst, start } = compiled.re2().prog as { inst: Instruction[]; start: number };
    return { longest: longestWay(inst, start), empty: compiled.test(""), size: compiled.programSize() };
  } catch {
    return undefined;
  }
}

/** Characters of the longest match; 0 for what is no expression. */
export const longestMatch = (source: string): number => Math.max(0, readExpression(source)?.longest ?? 0);

/** Sentences in which a rule of somebody's own has nothing to find. */
const ordinary = [
  "Could you sum up this letter in three sentences?",
  "Bitte fasse den folgenden Brief kurz zusammen.",
  "Peux-tu traduire ce texte pour mon voisin ?",
  "Escribe una respuesta amable a este cliente.",
];

/** Whether it finds something in whatever people write. */
export function findsAnything(source: string): boolean {
  const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  return ordinary.every((text) => compiled.test(text));
}
