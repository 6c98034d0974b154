import { markup, type Markup } from "../../policies/evidence/markup";
import { costKinds } from "./model/cost-item";
import { money, nameOf, type CostPlan } from "./model/cost-plan";
import { bestOptions } from "./page-chart";
import { assumptionMark } from "./table";

/** A table whose first column heads its rows. Columns in `numbers` are set to the right. */
function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
  numbers = false,
): Markup {
  const numeric = numbers ? "n" : "";
  return markup`<table class="${numbers ? "" : "stack"}">
    <caption>${caption}</caption>
    <thead><tr>${heads.map((head, index) => markup`<th scope="col" class="${index > 0 && numeric}">${head}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(
        ([first, ...others]) =>
          markup`<tr><th scope="row">${first}</th>${others.map((cell) => markup`<td class="${numeric}">${cell}</td>`)}</tr>`,
      )}
    </tbody>
  </table>`;
}

export function yearTable(plan: CostPlan): Markup {
  const months = Array.from({ length: plan.months + 1 }, (_, month) => month).filter(
    (month) => month === 0 || month === plan.months || month % 6 === 0,
  );
  return table(
    `Paid up to and with the month, ${plan.currency}`,
    ["Footprint", ...months.map((month) => (month === 0 ? "start" : `month ${month}`))],
    bestOptions(plan).map(({ name, cumulative }) => [
      nameOf(name),
      ...months.map((month) => Math.round(cumulative[month] ?? 0).toLocaleString("en-US")),
    ]),
    true,
  );
}

export function breakEvenTable({ breakEvens }: CostPlan): Markup {
  return table(
    "First month in which buying has cost less in all",
    ["Bought", "Rented", "Even in"],
    breakEvens.map(({ buy, rent, month }) => [
      buy,
      nameOf(rent),
      month === null ? "not within the horizon" : `month ${month}`,
    ]),
  );
}

export function kindTable(plan: CostPlan): Markup {
  const kinds = costKinds.filter((kind) => plan.options.some(({ byKind }) => byKind[kind] > 0));
  return table(
    `Paid over ${plan.months} months, ${plan.currency}`,
    ["Way", ...kinds, "all", "on assumptions"],
    plan.options.map(({ name, byKind, total, assumedShare }) => [
      nameOf(name),
      ...kinds.map((kind) => Math.round(byKind[kind]).toLocaleString("en-US")),
      Math.round(total).toLocaleString("en-US"),
      markup`<span class="assumed">${Math.round(assumedShare * 100)} %</span>`,
    ]),
    true,
  );
}

export function layoutTable(plan: CostPlan): Markup {
  return table(
    "Power: rated, of the machines alone; and on average at the meter, with the building's share (PUE). The cloud's is not yours to pay",
    ["Footprint", "Machines", "GPUs", "Power", "Rack units", "Storage"],
    bestOptions(plan).map(({ footprint, layout }) => [
      markup`${footprint}<small>${layout.region ?? ""} ${layout.notes.join("; ")}</small>`,
      markup`${layout.machines.map(({ count, what }) => markup`<div>${count} × ${what}</div>`)}`,
      `${layout.gpus}, with ${layout.vramGb} GB`,
      layout.ratedKw === 0
        ? "the cloud's"
        : markup`${layout.ratedKw.toFixed(1)} kW rated<small>${layout.meterKw.toFixed(1)} kW at the meter</small>`,
      layout.rackUnits === 0 ? "none" : String(layout.rackUnits),
      `${layout.objectStorageTib} TiB of objects${layout.volumeGib > 0 ? `, ${layout.volumeGib} GiB of volumes` : ""}`,
    ]),
  );
}

export function memoryTable({ memory }: CostPlan): Markup {
  return table(
    "Video memory, and the weights of the models that share it",
    ["Pool", "GPUs", "VRAM", "Weights of all replicas"],
    memory.map(({ pool, gpus, product, vramGb, weightsGb, sources }) => [
      pool,
      `${gpus} × ${product}`,
      `${vramGb} GB`,
      weightsGb === null
        ? "not known"
        : markup`${weightsGb.toFixed(1)} GB<small>${sources.join("; ")}; caches come on top</small>`,
    ]),
  );
}

export function sensitivityTable(plan: CostPlan): Markup {
  return table(
    "Break-even is that of the cheapest way to buy with the cheapest way to rent",
    ["Change", "Then the cheapest", "Costs", "Break-even", "The answer"],
    plan.sensitivity.map(({ driver, change, cheapest, total, breakEven, flips }) => [
      `${driver} ${change > 0 ? "+" : "−"}20 %`,
      nameOf(cheapest),
      money(total, plan.currency),
      breakEven === null ? "not within the horizon" : `month ${breakEven}`,
      flips ? markup`<span class="flips">⇄ flips</span>` : "stays",
    ]),
  );
}

export function priceTable({ priceList }: CostPlan): Markup {
  return table(
    "Groups of stacks/<environment>/prices.yaml are merged over these; a price is replaced as a whole",
    ["Price", "Value", "As of", "Source"],
    priceList.map(({ path, amount, currency, asOf, source, basis, note }) => [
      markup`<span class="mono">${path}</span>`,
      `${currency ?? ""} ${amount}`,
      asOf,
      markup`${basis === "assumption" ? markup`<span class="assumed">${assumptionMark}</span> ` : ""}${source}<small>${note ?? ""}</small>`,
    ]),
  );
}
