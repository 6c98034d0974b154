import type { Environment } from "../../stacks/environment";
import { planCosts } from "../plan/model/cost-plan";
import type { Prices } from "../plan/prices/price-schema";

/** What a change costs. Money in the plan's currency, over its whole horizon. */
export interface CostChange {
  readonly currency: string;
  readonly months: number;
  /** Absent where there was no such environment, or its file could not be read. */
  readonly before?: number;
  readonly after: number;
  /** Share of `after` that rests on assumptions of the price list, 0 to 1. */
  readonly assumedShare: number;
}

/** The horizon of `cloister plan`, months. */
export const horizonMonths = 36;

/** What an environment costs on its own footprint, the cheapest way it offers, before and after a change. */
export function costChange(
  head: { readonly environment: Environment; readonly prices: Prices },
  base: { readonly environment: Environment; readonly prices: Prices } | undefined,
): CostChange {
  const after = costOf(head.environment, head.prices);
  const before = base === undefined ? undefined : costOf(base.environment, base.prices);
  return {
    currency: after.currency,
    months: horizonMonths,
    // Sums in two currencies are not compared.
    ...(before === undefined || before.currency !== after.currency ? {} : { before: before.total }),
    after: after.total,
    assumedShare: after.assumedShare,
  };
}

function costOf(environment: Environment, prices: Prices) {
  const plan = planCosts(environment, prices, horizonMonths);
  const own = plan.best.find((name) => name.split("/")[0] === plan.currentFootprint);
  const option = plan.options.find(({ name }) => name === own);
  if (option === undefined) throw new Error(`the plan of ${environment.name} has no cost of its own footprint`);
  return { currency: plan.currency, total: option.total, assumedShare: option.assumedShare };
}
