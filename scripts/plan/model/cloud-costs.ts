import { dataClassNames } from "../../../components/data-classes";
import { interfaceServices } from "../../../components/foundation/network/endpoints-plan";
import type { Prices } from "../prices/price-schema";
import type { CostItem } from "./cost-item";
import { instancePrice, type Layout, type MachineLine } from "./layout";
import { product, sum, times, type Given, type Money } from "./money";

export const commitments = ["on-demand", "one-year", "three-years", "capacity-block"] as const;
export type Commitment = (typeof commitments)[number];

/** Hours of an average month, as AWS's own calculator counts them. */
export const hoursPerMonth = 730;
const termMonths: Record<Commitment, number> = {
  "on-demand": 1,
  "one-year": 12,
  "three-years": 36,
  "capacity-block": 1,
};

/** Why a commitment cannot be had for a layout and a horizon; undefined where it can. */
export function unavailable(
  commitment: Commitment,
  layout: Layout,
  prices: Prices,
  months: number,
): string | undefined {
  const gpuTypes = layout.machines.filter(({ role }) => role === "gpu").map(({ what }) => what);
  const unpriced = layout.machines.filter(({ what }) => instancePrice(what, layout.region!, prices) === undefined);
  if (unpriced.length > 0) return `no price for ${unpriced.map(({ what }) => what).join(", ")}`;
  if (termMonths[commitment] > months) return `its term of ${termMonths[commitment]} months is longer than the horizon`;
  if (commitment !== "capacity-block") return undefined;
  const without = gpuTypes.filter((type) => prices.cloud.capacityBlocks[type] === undefined);
  return without.length === 0 ? undefined : `no price of capacity blocks of ${without.join(", ")}`;
}

/** What a layout in the cloud costs under a commitment; nothing is bought there. */
export function cloudCosts(
  layout: Layout,
  prices: Prices,
  commitment: Commitment,
  months: number,
  zones: number,
): CostItem[] {
  const { cloud } = prices;
  const items: CostItem[] = layout.machines.flatMap((line) => {
    const plain = instances(line, layout, prices, commitment, months);
    return line.role === "gpu" ? [...plain, ...plain.map((item) => dedicated(item, prices))] : plain;
  });
  const month = (kind: CostItem["kind"], what: string, price: Money): void => {
    items.push({ kind, what, monthly: { price, from: 1 } });
  };
  month("instances", "managed control plane", product(prices, hoursPerMonth, ["cloud.clusterHour", cloud.clusterHour]));
  month(
    "instances",
    "fee for dedicated tenancy in the region",
    product(prices, hoursPerMonth, ["cloud.dedicatedRegionHour", cloud.dedicatedRegionHour]),
  );
  month(
    "storage",
    "volumes of the nodes",
    product(prices, layout.volumeGib, ["cloud.volumeGibMonth", cloud.volumeGibMonth]),
  );
  month(
    "storage",
    "object store",
    product(
      prices,
      1024,
      ["objectStorageTib", prices.objectStorageTib],
      ["cloud.objectGibMonth", cloud.objectGibMonth],
    ),
  );
  month(
    "storage",
    "keys of the data classes",
    product(prices, dataClassNames.length, ["cloud.keyMonth", cloud.keyMonth]),
  );
  month(
    "network",
    `${interfaceServices.length} endpoints in ${zones} zones`,
    product(prices, interfaceServices.length * zones * hoursPerMonth, ["cloud.endpointHour", cloud.endpointHour]),
  );
  month(
    "network",
    "way from the company into the VPC",
    product(prices, 1, ["cloud.attachmentMonth", cloud.attachmentMonth]),
  );
  const support: Given = ["cloud.support", cloud.support];
  for (const { what, monthly } of [...items]) {
    const share = product(prices, 1, support);
    items.push({
      kind: "support",
      what: `support for ${what}`,
      monthly: {
        ...monthly!,
        price: sum(times(monthly!.price, share.amount), { amount: 0, assumptions: share.assumptions }),
      },
    });
  }
  const { month: engineer, share } = prices.staff;
  month(
    "staff",
    "engineers",
    product(prices, 1, ["staff.month", engineer], ["staff.share.private-cloud", share["private-cloud"]]),
  );
  return items;
}

function instances(
  line: MachineLine,
  layout: Layout,
  prices: Prices,
  commitment: Commitment,
  months: number,
): CostItem[] {
  const { cloud, load } = prices;
  const hour: Given = [`cloud.instances.${line.what}`, instancePrice(line.what, layout.region!, prices)!];
  const hours = line.count * hoursPerMonth;
  const priced = (given: readonly Given[]): Money => product(prices, hours, ...given);
  const item = (price: Money, from: number, until?: number): CostItem => ({
    kind: "instances",
    what: `${line.count} × ${line.what}`,
    monthly: { price, from, ...(until === undefined ? {} : { until }) },
  });
  // System nodes run all hours; only what has GPUs may be switched off.
  const running: readonly Given[] = line.role === "gpu" ? [["load.running", load.running]] : [];
  const onDemand = priced([hour, ...running]);
  if (commitment === "on-demand") return [item(onDemand, 1)];
  if (commitment === "capacity-block") {
    const block = cloud.capacityBlocks[line.what];
    return [item(block === undefined ? onDemand : priced([[`cloud.capacityBlocks.${line.what}`, block]]), 1)];
  }
  // Only whole terms are committed to; what is left of the horizon is paid on demand.
  const committed = Math.floor(months / termMonths[commitment]) * termMonths[commitment];
  const share: Given = [`cloud.commitments.${commitment}`, cloud.commitments[commitment]];
  const first = item(priced([hour, share]), 1, committed);
  return committed < months ? [first, item(onDemand, committed + 1)] : [first];
}

/** What dedicated tenancy adds; apart, so that a price that was published is not lost in one that was not. */
function dedicated(item: CostItem, prices: Prices): CostItem {
  const { dedicatedSurcharge } = prices.cloud;
  const share = product(prices, 1, ["cloud.dedicatedSurcharge", dedicatedSurcharge]);
  const price = sum(times(item.monthly!.price, share.amount), { amount: 0, assumptions: share.assumptions });
  return { ...item, what: `dedicated tenancy of ${item.what}`, monthly: { ...item.monthly!, price } };
}
