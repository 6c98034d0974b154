/** One result, as `npm run bench -- --json` prints it. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /**
   * `ratio`: one duration divided by another of the same run, so that it says the same on every machine. `exponent`: how a
   * value grows with what there is; 1 is in proportion. What the door costs is a difference in milliseconds within one run,
   * or a number.
   */
  readonly unit: "ratio" | "exponent" | "ms" | "per second" | "count";
  /** The value is to be at most this; of what is counted per second, at least. */
  readonly goal: number;
  readonly ok: boolean;
}

/** What was compared, and how long each took, for a person. */
export interface Comparison {
  readonly measurement: Measurement;
  /** Both sides in words, the measured one first. */
  readonly sides: readonly [string, string];
  /** Median seconds of both sides. */
  readonly seconds: readonly [number, number];
}

export interface ComparisonArgs {
  readonly name: string;
  readonly goal: number;
  readonly sides: readonly [string, string];
  /** Seconds of both sides, one pair for each round. */
  readonly rounds: readonly (readonly [number, number])[];
}

/** @throws Error for an empty list: there is no middle of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("There is no median of no values.");
  return (upper + lower) / 2;
}

/**
 * The median of the rounds' own ratios: the two runs of a round stand next to each other, so that what else the machine
 * does weighs on both alike.
 */
export function compare({ name, goal, sides, rounds }: ComparisonArgs): Comparison {
  const value = Number(median(rounds.map(([measured, floor]) => measured / floor)).toFixed(3));
  return {
    measurement: { name, value, unit: "ratio", goal, ok: value <= goal },
    sides,
    seconds: [median(rounds.map(([measured]) => measured)), median(rounds.map(([, floor]) => floor))],
  };
}

/** Runs both sides in turn, so many times. Each gives its seconds. */
export async function interleaved(
  count: number,
  measured: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<[number, number][]> {
  const rounds: [number, number][] = [];
  for (let round = 0; round < count; round++) rounds.push([await measured(), await floor()]);
  return rounds;
}
