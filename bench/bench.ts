import { loadavg, cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { StreamProgress } from "../rehearsal/setup/progress";
import { SetupError } from "../rehearsal/setup/setup-error";
import { prepareToolbox } from "../rehearsal/setup/toolbox";
import { requestTools } from "../scripts/lab/programs";
import { measureDoor } from "./door";
import { BenchSite } from "./bench-site";
import { measureGateOverhead } from "./gate-overhead";
import type { Comparison, Measurement } from "./measurement";
import { measureScale, type Grown } from "./scale";
import { measurePackStart } from "./pack-start";
import { measurePreviewOverhead } from "./preview-overhead";
import { measureProgramStart } from "./program-start";
import { measureRulesCost } from "./rules-cost";
import { measureSecondRehearsal } from "./second-rehearsal";

interface Taken {
  readonly comparisons: readonly Comparison[];
  readonly grown: readonly Grown[];
}

/** Takes every measurement in one run, on one site, one after another. */
async function measure(): Promise<Taken> {
  const progress = new StreamProgress();
  const load = loadavg().map((average) => average.toFixed(1));
  progress.note(
    `Measuring on ${cpus().length} processors, load ${load.join(", ")}: another's work makes it less exact.`,
  );
  const toolbox = await prepareToolbox(
    ["pulumi", "kubernetes", "etcd", "kwok", "registry", "crane", "versitygw"],
    progress,
  );
  const site = new BenchSite(toolbox, progress);
  try {
    const comparisons = [
      await progress.step("measuring the start of the program", () => measureProgramStart()),
      await progress.step("measuring the start of the gate", () => measurePackStart()),
      ...(await progress.step("measuring the rules", () => measureRulesCost())),
      await measureSecondRehearsal(site),
      await progress.step("measuring the preview", () => measurePreviewOverhead(site)),
      await progress.step("measuring the gate", () => measureGateOverhead(site)),
    ];
    return { comparisons, grown: await progress.step("measuring growth", () => measureScale(site)) };
  } finally {
    await site.clear();
  }
}

const shown = ({ value, goal, ok }: Measurement) => [value.toFixed(2), `≤ ${goal}`, ok ? "met" : "missed"];

function growthTable(grown: readonly Grown[]): string {
  const table = new Table({
    head: ["growth", "exponent", "goal", "", "measured"],
    style: { head: [], border: [] },
    colWidths: [24, 10, 8, 8, 66],
    wordWrap: true,
  });
  for (const { measurement, sizes, of } of grown) {
    const values = sizes.map(([, value]) => (value < 100 ? value.toFixed(2) : Math.round(value))).join(", ");
    table.push([measurement.name, ...shown(measurement), `${of}: ${values}`]);
  }
  return table.toString();
}

function tableOf(comparisons: readonly Comparison[]): string {
  const table = new Table({
    head: ["measurement", "ratio", "goal", "", "measured", "against"],
    style: { head: [], border: [] },
    colWidths: [20, 8, 8, 8, 34, 34],
    wordWrap: true,
  });
  for (const { measurement, sides, seconds } of comparisons) {
    const [measured, floor] = sides.map((side, index) => `${side}: ${(seconds[index] ?? 0).toFixed(2)} s`);
    table.push([measurement.name, ...shown(measurement), measured, floor]);
  }
  return table.toString();
}

/** `--door`: what the door, the guard and the ledger cost, in a lab. */
async function door(json: boolean, litellm: string | undefined): Promise<void> {
  const progress = new StreamProgress();
  const toolbox = await prepareToolbox([...requestTools, "collector"], progress);
  const measurements = await measureDoor(toolbox, progress, litellm);
  const table = new Table({ head: ["measurement", "value", "goal", ""], style: { head: [], border: [] } });
  for (const { name, value, unit, goal, ok } of measurements) {
    const wanted = unit === "per second" ? `≥ ${goal}` : `≤ ${goal}`;
    table.push([
      name,
      `${value} ${unit}`,
      Number.isFinite(goal) ? wanted : "",
      Number.isFinite(goal) ? (ok ? "met" : "missed") : "",
    ]);
  }
  process.stdout.write(`${json ? JSON.stringify(measurements, null, 2) : table.toString()}\n`);
  if (!measurements.every(({ ok }) => ok)) process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      door: { type: "boolean", default: false },
      litellm: { type: "string" },
    },
  });
  if (values.door) return door(values.json, values.litellm);
  const { comparisons, grown } = await measure();
  const measurements = [...comparisons, ...grown].map(({ measurement }) => measurement);
  const tables = () => `${tableOf(comparisons)}\n${growthTable(grown)}`;
  process.stdout.write(`${values.json ? JSON.stringify(measurements, null, 2) : tables()}\n`);
  if (!measurements.every(({ ok }) => ok)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SetupError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
