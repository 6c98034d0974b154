import type { Prices } from "../prices/price-schema";
import { hoursPerMonth } from "./cloud-costs";
import type { CostItem, CostKind } from "./cost-item";
import { gpuServerOf } from "./hardware";
import type { Layout, MachineLine } from "./layout";
import { product, sum, times, type Given, type Money } from "./money";

/** What a rack or a cage costs: hardware before the first month, the rest by the month. */
export function siteCosts(layout: Layout & { footprint: "colocation" | "on-prem" }, prices: Prices): CostItem[] {
  const { hardware, load, staff } = prices;
  const bought = layout.machines.map((line) => ({
    kind: kindOf(line),
    what: label(line),
    price: priceOf(line, layout, prices),
  }));
  const all = sum(...bought.map(({ price }) => price));
  const share = (path: string, figure: Prices["hardware"]["spares"]): Money =>
    sum(times(all, figure.value), { amount: 0, assumptions: figure.basis === "assumption" ? [path] : [] });
  const life = {
    lifeMonths: Math.round(hardware.lifeMonths.value),
    residual: hardware.residual.value,
  };
  const items: CostItem[] = bought.map(({ kind, what, price }) => ({ kind, what, capital: { price, ...life } }));
  items.push(
    {
      kind: "hardware",
      what: "spares on the shelf",
      capital: { price: share("hardware.spares", hardware.spares), ...life },
    },
    {
      kind: "hardware",
      what: "rack, cabling and acceptance",
      capital: { price: share("hardware.installation", hardware.installation), ...life, residual: 0 },
    },
  );
  const month = (kind: CostKind, what: string, price: Money): void => {
    items.push({ kind, what, monthly: { price, from: 1 } });
  };
  month("support", "support by the makers", times(share("hardware.supportYear", hardware.supportYear), 1 / 12));
  const energy: Given[] = [
    ["load.power", load.power],
    [`${layout.footprint}.pue`, prices[layout.footprint].pue],
    ["energyKwh", prices.energyKwh],
  ];
  month("power", "energy, with that of the building", product(prices, layout.ratedKw * hoursPerMonth, ...energy));
  const unit: Given = [`${layout.footprint}.unitMonth`, prices[layout.footprint].unitMonth];
  month("space", `${layout.rackUnits} rack units`, product(prices, layout.rackUnits, unit));
  if (layout.footprint === "colocation") {
    const { kwMonth, linkMonth } = prices.colocation;
    month("space", "contracted power", product(prices, layout.ratedKw, ["colocation.kwMonth", kwMonth]));
    month("network", "the company's link to the cage", product(prices, 1, ["colocation.linkMonth", linkMonth]));
  }
  month(
    "staff",
    "engineers",
    product(
      prices,
      1,
      ["staff.month", staff.month],
      [`staff.share.${layout.footprint}`, staff.share[layout.footprint]],
    ),
  );
  return items;
}

const kindOf = ({ role }: MachineLine): CostKind =>
  role === "storage" ? "storage" : role === "switch" ? "network" : "hardware";

const label = ({ count, what }: MachineLine): string => `${count} × ${what}`;

function priceOf({ role, count, gpus, product: gpu }: MachineLine, layout: Layout, prices: Prices): Money {
  const { hardware } = prices;
  switch (role) {
    case "gpu": {
      const server = gpuServerOf(gpu ?? "", prices);
      const path = `hardware.gpuServers.${gpu}`;
      return sum(
        product(prices, count, [`${path}.chassis`, server.chassis]),
        product(prices, gpus, [`${path}.gpu`, server.gpu]),
      );
    }
    case "server":
      return product(prices, count, ["hardware.server", hardware.server]);
    case "worker":
      return product(prices, count, ["hardware.worker", hardware.worker]);
    case "service":
      return product(prices, count, ["hardware.serviceServer", hardware.serviceServer]);
    case "switch":
      return product(prices, count, ["hardware.switch", hardware.switch]);
    case "storage":
      return sum(
        product(prices, 1, ["hardware.storageTib", hardware.storageTib], ["objectStorageTib", prices.objectStorageTib]),
      );
  }
}
