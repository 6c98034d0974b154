import { scalePrices } from "../prices/merge-prices";
import type { Prices } from "../prices/price-schema";
import { breakEvenMonth } from "./break-even";
import { bestOf, cheapest, costOptions } from "./cost-option";
import type { Needs } from "./needs";

/** What is changed, one at a time, and where its prices are. */
export const drivers = {
  "instance prices": ["cloud.instances", "cloud.capacityBlocks"],
  "server prices": [
    "hardware.gpuServers",
    "hardware.server",
    "hardware.worker",
    "hardware.serviceServer",
    "hardware.switch",
  ],
  "energy price": ["energyKwh"],
  "rent of the cage": ["colocation.kwMonth", "colocation.unitMonth"],
  "cost of staff": ["staff.month"],
  "data kept": ["objectStorageTib"],
  utilisation: ["load"],
} as const;

export interface Sensitivity {
  readonly driver: keyof typeof drivers;
  /** -0.2 or 0.2. */
  readonly change: number;
  /** The cheapest option then, and what it costs over the horizon. */
  readonly cheapest: string;
  readonly total: number;
  /** Break-even of the cheapest bought against the cheapest rented option; null where there is none. */
  readonly breakEven: number | null;
  /** Another footprint is the cheapest. */
  readonly flips: boolean;
}

/** Changes each driver by ±20 % and says whether another footprint becomes the cheapest. */
export function sensitivities(needs: Needs, prices: Prices, months: number): Sensitivity[] {
  const base = winner(needs, prices, months);
  return (Object.keys(drivers) as (keyof typeof drivers)[]).flatMap((driver) =>
    [-0.2, 0.2].map((change): Sensitivity => {
      const changed = winner(needs, scalePrices(prices, drivers[driver], 1 + change), months);
      return {
        driver,
        change,
        cheapest: changed.name,
        total: changed.total,
        breakEven: changed.breakEven,
        flips: changed.footprint !== base.footprint,
      };
    }),
  );
}

function winner(needs: Needs, prices: Prices, months: number) {
  const { options } = costOptions(needs, prices, months);
  const { name, footprint, total } = cheapest(options)!;
  const bought = cheapest(options.filter((option) => option.footprint !== "private-cloud"));
  const rented = bestOf("private-cloud", options);
  const breakEven = bought && rented ? breakEvenMonth(bought.cumulative, rented.cumulative) : null;
  return { name, footprint, total, breakEven };
}
