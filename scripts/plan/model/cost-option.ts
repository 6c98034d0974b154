import { commitments, cloudCosts, unavailable, type Commitment } from "./cloud-costs";
import { amortisationIn, bookValueAfter, cashIn, costKinds, type CostItem, type CostKind } from "./cost-item";
import { layOut, type Layout } from "./layout";
import { footprintKinds, type FootprintKind, type Needs } from "./needs";
import { siteCosts } from "./site-costs";
import type { Prices } from "../prices/price-schema";

/** One way to have what is needed: a footprint, and in the cloud a commitment. Money is in the plan's currency. */
export interface CostOption {
  /** `on-prem`, or `private-cloud/three-years`. */
  readonly name: string;
  readonly footprint: FootprintKind;
  readonly commitment?: Commitment;
  readonly layout: Layout;
  readonly items: readonly CostItem[];
  /** Paid before the first month. */
  readonly capital: number;
  /** Paid in each month; index 0 is the day of purchase. */
  readonly monthly: readonly number[];
  /** Paid up to and with each month. */
  readonly cumulative: readonly number[];
  /** Amortisation of each month, index 0 the first. */
  readonly amortisation: readonly number[];
  /** Paid within the horizon. */
  readonly total: number;
  /** What the hardware is still worth in the books at the end of the horizon. */
  readonly bookValue: number;
  readonly byKind: Readonly<Record<CostKind, number>>;
  /** Share of `total` that rests on at least one assumption, 0 to 1. */
  readonly assumedShare: number;
  /** Paths of those assumptions. */
  readonly assumptions: readonly string[];
}

export interface MissingOption {
  readonly name: string;
  readonly why: string;
}

/** Every way to have what is needed, and those that cannot be had. */
export function costOptions(
  needs: Needs,
  prices: Prices,
  months: number,
): { readonly options: CostOption[]; readonly missing: MissingOption[] } {
  const options: CostOption[] = [];
  const missing: MissingOption[] = [];
  for (const footprint of footprintKinds) {
    const layout = layOut(footprint, needs, prices);
    if (footprint !== "private-cloud") {
      const items = siteCosts({ ...layout, footprint }, prices);
      options.push(summed({ name: footprint, footprint, layout, items }, months));
      continue;
    }
    for (const commitment of commitments) {
      const name = `${footprint}/${commitment}`;
      const why = unavailable(commitment, layout, prices, months);
      if (why !== undefined) missing.push({ name, why });
      else {
        const items = cloudCosts(layout, prices, commitment, months, needs.zones);
        options.push(summed({ name, footprint, commitment, layout, items }, months));
      }
    }
  }
  return { options, missing };
}

/** Adds up the items of one option over a horizon. */
export function summed(
  option: Pick<CostOption, "name" | "footprint" | "commitment" | "layout" | "items">,
  months: number,
): CostOption {
  const { items } = option;
  const spent = (item: CostItem) => sumOver(months, (month) => cashIn(month, item, months));
  const monthly = Array.from({ length: months + 1 }, (_, month) =>
    items.reduce((sum, item) => sum + cashIn(month, item, months), 0),
  );
  let running = 0;
  const cumulative = monthly.map((cash) => (running += cash));
  const total = cumulative[months] ?? 0;
  const onAssumptions = items.filter((item) => assumptionsOf(item).length > 0);
  const assumed = onAssumptions.reduce((sum, item) => sum + spent(item), 0);
  return {
    ...option,
    capital: monthly[0] ?? 0,
    monthly,
    cumulative,
    amortisation: Array.from({ length: months }, (_, index) =>
      items.reduce((sum, item) => sum + amortisationIn(index + 1, item), 0),
    ),
    total,
    bookValue: items.reduce((sum, item) => sum + bookValueAfter(months, item), 0),
    byKind: Object.fromEntries(
      costKinds.map((kind) => [
        kind,
        items.filter((item) => item.kind === kind).reduce((sum, item) => sum + spent(item), 0),
      ]),
    ) as Record<CostKind, number>,
    assumedShare: total === 0 ? 0 : assumed / total,
    assumptions: [...new Set(onAssumptions.flatMap(assumptionsOf))].sort(),
  };
}

/** Paths of the assumptions that an item rests on. */
export const assumptionsOf = ({ capital, monthly }: CostItem): readonly string[] => [
  ...(capital?.price.assumptions ?? []),
  ...(monthly?.price.assumptions ?? []),
];

function sumOver(months: number, of: (month: number) => number): number {
  let sum = 0;
  for (let month = 0; month <= months; month++) sum += of(month);
  return sum;
}

/** The cheapest way to have a footprint within the horizon; undefined where it cannot be had. */
export function bestOf(footprint: FootprintKind, options: readonly CostOption[]): CostOption | undefined {
  return cheapest(options.filter((option) => option.footprint === footprint));
}

export function cheapest(options: readonly CostOption[]): CostOption | undefined {
  return [...options].sort((left, right) => left.total - right.total)[0];
}
