import type { CostOption } from "./cost-option";

export interface BreakEven {
  /** The option that asks for more money first. */
  readonly buy: string;
  /** The option that is paid by the month. */
  readonly rent: string;
  /** First month in which buying has cost less in all; null where the horizon ends before. */
  readonly month: number | null;
}

/** First month, from 1, in which one row of cumulative cost lies below another; null where none does. */
export function breakEvenMonth(buy: readonly number[], rent: readonly number[]): number | null {
  for (let month = 1; month < Math.min(buy.length, rent.length); month++) {
    if (buy[month]! < rent[month]!) return month;
  }
  return null;
}

/** Each option that buys against each that rents. */
export function breakEvens(options: readonly CostOption[]): BreakEven[] {
  const bought = options.filter(({ footprint }) => footprint !== "private-cloud");
  const rented = options.filter(({ footprint }) => footprint === "private-cloud");
  return bought.flatMap((buy) =>
    rented.map((rent) => ({
      buy: buy.name,
      rent: rent.name,
      month: breakEvenMonth(buy.cumulative, rent.cumulative),
    })),
  );
}
