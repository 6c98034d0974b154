import type { Figure, Price, Prices } from "../prices/price-schema";

/** An amount in the plan's currency, with the prices that it was made of that nobody published. */
export interface Money {
  readonly amount: number;
  /** Paths of the assumptions that it rests on; empty where all of it was published or offered. */
  readonly assumptions: readonly string[];
}

/** What a calculation was given: a price or a figure, under the path by which users override it. */
export type Given = readonly [path: string, leaf: Price | Figure];

/** Multiplies what was given with a quantity; whatever rests on one assumption rests on it with all of its amount. */
export function product(prices: Prices, quantity: number, ...given: readonly Given[]): Money {
  let amount = quantity;
  const assumptions: string[] = [];
  for (const [path, leaf] of given) {
    amount *= "amount" in leaf ? leaf.amount * rate(leaf.currency, prices) : leaf.value;
    if (leaf.basis === "assumption") assumptions.push(path);
  }
  return { amount, assumptions };
}

export function sum(...parts: readonly Money[]): Money {
  return {
    amount: parts.reduce((total, part) => total + part.amount, 0),
    assumptions: [...new Set(parts.flatMap(({ assumptions }) => assumptions))],
  };
}

export function times(money: Money, factor: number): Money {
  return { ...money, amount: money.amount * factor };
}

function rate(currency: string, { currency: own, exchangeRates }: Prices): number {
  if (currency === own) return 1;
  const known = exchangeRates[currency];
  if (known === undefined) throw new Error(`no rate for ${currency}: the prices were not checked`);
  return known.value;
}
