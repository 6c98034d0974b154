import type { Money } from "./money";

/** What money is spent on; the chart stacks by it. */
export const costKinds = ["hardware", "instances", "storage", "network", "power", "space", "support", "staff"] as const;
export type CostKind = (typeof costKinds)[number];

/** One thing that costs money. */
export interface CostItem {
  readonly kind: CostKind;
  readonly what: string;
  /** Paid before the first month, and again when its life ends. */
  readonly capital?: {
    readonly price: Money;
    readonly lifeMonths: number;
    /** Share of the price that it still fetches at the end of its life. */
    readonly residual: number;
  };
  /** Paid in each month from `from` to `until`, both included; months count from 1. */
  readonly monthly?: { readonly price: Money; readonly from: number; readonly until?: number };
}

/**
 * What an item costs in a month, in the plan's currency; month 0 is the day of purchase.
 *
 * Replaced at the end of its life: bought anew, less what the old one fetches, and only where a month of use follows.
 */
export function cashIn(month: number, { capital, monthly }: CostItem, months: number): number {
  let cash = 0;
  if (capital !== undefined && month % capital.lifeMonths === 0 && (month === 0 || month < months)) {
    cash += capital.price.amount * (month === 0 ? 1 : 1 - capital.residual);
  }
  if (monthly !== undefined && month >= Math.max(1, monthly.from) && month <= (monthly.until ?? Infinity)) {
    cash += monthly.price.amount;
  }
  return cash;
}

/** Straight-line amortisation in a month, in the plan's currency: over a life it adds up to the price less the residual. */
export function amortisationIn(month: number, { capital }: CostItem): number {
  if (capital === undefined || month < 1) return 0;
  return (capital.price.amount * (1 - capital.residual)) / capital.lifeMonths;
}

/** What an item's hardware still is in the books after a month: its price less the amortisation so far. */
export function bookValueAfter(month: number, item: CostItem): number {
  if (item.capital === undefined) return 0;
  const age = month === 0 ? 0 : ((month - 1) % item.capital.lifeMonths) + 1;
  return item.capital.price.amount - age * amortisationIn(1, item);
}
