import { instanceTypeOf } from "../../../components/foundation/cluster/instance-types";
import type { Environment } from "../../../stacks/environment";
import { priceLeaves } from "../prices/merge-prices";
import type { Prices } from "../prices/price-schema";
import { breakEvenMonth, breakEvens, type BreakEven } from "./break-even";
import { bestOf, cheapest, costOptions, type CostOption, type MissingOption } from "./cost-option";
import { gpuFactsOf, weights } from "./hardware";
import { footprintKinds, needsOf, type Needs } from "./needs";
import { sensitivities, type Sensitivity } from "./sensitivity";

/** Video memory that a pool has for the models that share it; GB of 10^9 bytes. */
export interface PoolMemory {
  readonly pool: string;
  readonly product: string;
  readonly gpus: number;
  readonly vramGb: number;
  /** Weights of all replicas; null where a model's size is not known. */
  readonly weightsGb: number | null;
  readonly sources: readonly string[];
}

/** What the cheapest way to have an environment is, what it costs and when it breaks even. */
export interface CostPlan {
  readonly apiVersion: "cloister.dev/cost-plan/v1";
  readonly environment: string;
  readonly currentFootprint: string;
  readonly months: number;
  readonly currency: string;
  /** The answer, in a sentence. */
  readonly answer: string;
  readonly cheapest: string;
  /** The cheapest way of each footprint. */
  readonly best: readonly string[];
  readonly options: readonly CostOption[];
  readonly missing: readonly MissingOption[];
  readonly breakEvens: readonly BreakEven[];
  readonly sensitivity: readonly Sensitivity[];
  readonly memory: readonly PoolMemory[];
  readonly prices: {
    readonly oldest: string;
    readonly assumptions: number;
    readonly sourced: number;
    readonly quotes: number;
  };
  /** Every price and figure that had a part in it, with its path. */
  readonly priceList: readonly UsedPrice[];
}

export interface UsedPrice {
  readonly path: string;
  readonly amount: number;
  /** Absent where the figure is no money. */
  readonly currency?: string;
  readonly asOf: string;
  readonly source: string;
  readonly basis: string;
  readonly note?: string;
}

/**
 * Lays an environment out on all three footprints and adds up what each costs.
 *
 * @param months the horizon, 1 to 120.
 */
export function planCosts(environment: Environment, prices: Prices, months: number): CostPlan {
  const needs = needsOf(environment, (type) => {
    const known = instanceTypeOf(type);
    return known === undefined ? undefined : { cpus: known.vcpus, memoryGib: known.memoryGib };
  });
  const { options, missing } = costOptions(needs, prices, months);
  const best = footprintKinds.flatMap((footprint) => bestOf(footprint, options) ?? []);
  const winner = cheapest(options)!;
  const leaves = priceLeaves(prices).map(({ leaf }) => leaf);
  const count = (basis: string) => leaves.filter((leaf) => leaf["basis"] === basis).length;
  return {
    apiVersion: "cloister.dev/cost-plan/v1",
    environment: environment.name,
    currentFootprint: environment.footprint.kind,
    months,
    currency: prices.currency,
    answer: answer(winner, best, months, prices.currency),
    cheapest: winner.name,
    best: best.map(({ name }) => name),
    options,
    missing,
    breakEvens: breakEvens(options),
    sensitivity: sensitivities(needs, prices, months),
    memory: poolMemory(needs, prices),
    prices: {
      oldest: leaves.map((leaf) => String(leaf["asOf"])).sort()[0] ?? "",
      assumptions: count("assumption"),
      sourced: count("sourced"),
      quotes: count("quote"),
    },
    priceList: usedPrices(prices, needs, options),
  };
}

/** `private-cloud/three-years` as a person says it. */
export function nameOf(option: string): string {
  const [footprint, commitment] = option.split("/");
  const ways: Record<string, string> = {
    "on-demand": "on demand",
    "one-year": "committed for one year",
    "three-years": "committed for three years",
    "capacity-block": "in capacity blocks",
  };
  return commitment === undefined ? footprint! : `${footprint} ${ways[commitment]}`;
}

/** Whole money with its currency, such as `USD 753,251`. */
export function money(amount: number, currency: string): string {
  return `${currency} ${Math.round(amount).toLocaleString("en-US")}`;
}

function answer(winner: CostOption, best: readonly CostOption[], months: number, currency: string): string {
  const horizon = `${months} ${months === 1 ? "month" : "months"}`;
  const cost = `${nameOf(winner.name)} is the cheapest over ${horizon}, at ${money(winner.total, currency)}`;
  const bought = cheapest(best.filter(({ footprint }) => footprint !== "private-cloud"));
  const rented = best.find(({ footprint }) => footprint === "private-cloud");
  const assumed = `${Math.round(winner.assumedShare * 100)} % of that sum rests on assumptions`;
  if (bought === undefined || rented === undefined) return `${cost} (${assumed}); private-cloud could not be priced.`;
  const month = breakEvenMonth(bought.cumulative, rented.cumulative);
  const even =
    month === null
      ? `${bought.name} does not break even with ${nameOf(rented.name)} within the horizon`
      : `${bought.name} breaks even with ${nameOf(rented.name)} in month ${month}`;
  return `${cost} (${assumed}); ${even}.`;
}

function poolMemory(needs: Needs, prices: Prices): PoolMemory[] {
  return needs.pools.map(({ name, product, gpusPerNode, nodes }) => {
    const models = needs.models.filter(({ pool }) => pool === name);
    const sizes = models.map((model) => weights[model.name]);
    const gpus = gpusPerNode * nodes;
    return {
      pool: name,
      product,
      gpus,
      vramGb: gpus * (gpuFactsOf(product, prices)?.memoryGb ?? 0),
      weightsGb: sizes.includes(undefined)
        ? null
        : models.reduce((sum, { name, replicas }) => sum + replicas * (weights[name]?.gigabytes ?? 0), 0),
      sources: [...new Set(sizes.flatMap((size) => size?.source ?? []))],
    };
  });
}

/** Without the prices of machines that stand in no layout. */
function usedPrices(prices: Prices, needs: Needs, options: readonly CostOption[]): UsedPrice[] {
  const inUse = [
    ...options.flatMap(({ layout }) => layout.machines.map(({ what }) => what)),
    ...needs.pools.map(({ product }) => product),
  ];
  const byMachine = ["instances", "capacityBlocks", "gpuServers"];
  return priceLeaves(prices).flatMap(({ path, leaf }): UsedPrice[] => {
    if (byMachine.includes(path[1] ?? "") && !inUse.includes(path[2] ?? "")) return [];
    const { amount, value, ...rest } = leaf as unknown as Omit<UsedPrice, "path"> & { readonly value?: number };
    return [{ ...rest, path: path.join("."), amount: amount ?? value ?? 0 }];
  });
}
