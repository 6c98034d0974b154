import Table from "cli-table3";
import pc from "picocolors";
import { costKinds } from "./model/cost-item";
import { money, nameOf, type CostPlan } from "./model/cost-plan";
import type { CostOption } from "./model/cost-option";

/** The mark of everything that nobody published. */
export const assumptionMark = "assumption: replace by your quote";

/** Lines between the rows would make three screens of one. */
const compact = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** A cost plan for a terminal. */
export function planText(plan: CostPlan, pagePath: string): string {
  const { currency } = plan;
  const best = plan.best.map((name) => plan.options.find((option) => option.name === name)!);
  const rows: (readonly [string, (option: CostOption) => string])[] = [
    ["machines", ({ layout }) => layout.machines.map(({ count, what }) => `${count} × ${what}`).join("\n")],
    ["GPUs, VRAM", ({ layout }) => `${layout.gpus}, ${layout.vramGb} GB`],
    [
      "power",
      ({ layout }) =>
        layout.ratedKw === 0
          ? "the cloud's"
          : `${layout.ratedKw.toFixed(1)} kW rated, ${layout.meterKw.toFixed(1)} kW with PUE`,
    ],
    ["rack units", ({ layout }) => (layout.rackUnits === 0 ? "none" : String(layout.rackUnits))],
    ["object store", ({ layout }) => `${layout.objectStorageTib} TiB`],
    ["CapEx, at the start", ({ capital }) => money(capital, currency)],
    ["OpEx, month 1", ({ monthly }) => money(monthly[1] ?? 0, currency)],
    ["amortisation, month 1", ({ amortisation }) => money(amortisation[0] ?? 0, currency)],
    ...costKinds.map((kind) => [`  ${kind}`, ({ byKind }: CostOption) => money(byKind[kind], currency)] as const),
    [`paid in ${plan.months} months`, ({ total }) => pc.bold(money(total, currency))],
    ["book value left", ({ bookValue }) => money(bookValue, currency)],
    ["on assumptions", ({ assumedShare }) => pc.yellow(`${Math.round(assumedShare * 100)} %`)],
  ];
  const table = new Table({
    head: ["", ...best.map(({ name }) => (name === plan.cheapest ? `${nameOf(name)} ←` : nameOf(name)))],
    chars: compact,
    style: { head: [], border: [] },
    wordWrap: true,
  });
  for (const [label, cell] of rows) table.push([label, ...best.map(cell)]);
  const evens = new Table({
    head: ["break-even of", "with", "month"],
    chars: compact,
    style: { head: [], border: [] },
  });
  for (const { buy, rent, month } of plan.breakEvens)
    evens.push([buy, nameOf(rent), month ?? "not within the horizon"]);
  const changes = new Table({
    head: ["one change", "then the cheapest", "costs", "break-even", ""],
    chars: compact,
    style: { head: [], border: [] },
  });
  for (const { driver, change, cheapest, total, breakEven, flips } of plan.sensitivity) {
    const sign = change > 0 ? "+" : "−";
    const even = breakEven === null ? "not within" : `month ${breakEven}`;
    changes.push([
      `${driver} ${sign}20 %`,
      nameOf(cheapest),
      money(total, currency),
      even,
      flips ? pc.yellow("flips") : "",
    ]);
  }
  return [
    pc.bold(plan.answer),
    "",
    table.toString(),
    "Each footprint in its cheapest way; the others are in the page.",
    ...plan.missing.map(({ name, why }) => `Not compared: ${nameOf(name)}: ${why}.`),
    ...best.flatMap(({ layout }) => layout.notes.map((note) => `Note: ${note}.`)),
    ...plan.memory.map(memoryLine),
    "",
    evens.toString(),
    "",
    changes.toString(),
    "",
    ...assumptionLines(plan, best),
    `Page: ${pagePath}`,
    "",
  ].join("\n");
}

function memoryLine({ pool, gpus, product, vramGb, weightsGb, sources }: CostPlan["memory"][number]): string {
  const need =
    weightsGb === null ? "the size of its weights is not known" : `weights of all replicas ${weightsGb.toFixed(1)} GB`;
  const because = sources.length === 0 ? "" : ` (${sources.join("; ")})`;
  return `Pool ${pool}: ${gpus} × ${product}, ${vramGb} GB of VRAM; ${need}${because}.`;
}

function assumptionLines(plan: CostPlan, best: readonly CostOption[]): string[] {
  const paths = [...new Set(best.flatMap(({ assumptions }) => assumptions))].sort();
  const { oldest, quotes, sourced, assumptions } = plan.prices;
  return [
    `Prices: ${sourced} published, ${assumptions} assumed, ${quotes} quoted to you; the oldest is of ${oldest}.`,
    ...paths.map((path) => pc.yellow(`  ${path}: ${assumptionMark}`)),
  ];
}
