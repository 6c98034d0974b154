import { loadavg, cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { StreamProgress } from "../rehearsal/setup/progress";
import { SetupError } from "../rehearsal/setup/setup-error";
import { prepareToolbox } from "../rehearsal/setup/toolbox";
import { BenchSite } from "./bench-site";
import { measureGateOverhead } from "./gate-overhead";
import type { Comparison } from "./measurement";
import { measurePreviewOverhead } from "./preview-overhead";
import { measureProgramStart } from "./program-start";
import { measureSecondRehearsal } from "./second-rehearsal";

/** Takes every measurement in one run, on one site, one after another. */
async function measure(): Promise<Comparison[]> {
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
    return [
      await progress.step("measuring the start of the program", () => measureProgramStart()),
      await measureSecondRehearsal(site),
      await progress.step("measuring the preview", () => measurePreviewOverhead(site)),
      await progress.step("measuring the gate", () => measureGateOverhead(site)),
    ];
  } finally {
    await site.clear();
  }
}

function tableOf(comparisons: readonly Comparison[]): string {
  const table = new Table({
    head: ["measurement", "ratio", "goal", "", "measured", "against"],
    style: { head: [], border: [] },
    colWidths: [20, 8, 8, 8, 34, 34],
    wordWrap: true,
  });
  for (const { measurement, sides, seconds } of comparisons) {
    const { name, value, goal, ok } = measurement;
    const [measured, floor] = sides.map((side, index) => `${side}: ${(seconds[index] ?? 0).toFixed(2)} s`);
    table.push([name, value.toFixed(2), `≤ ${goal}`, ok ? "met" : "missed", measured, floor]);
  }
  return table.toString();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const comparisons = await measure();
  const measurements = comparisons.map(({ measurement }) => measurement);
  process.stdout.write(`${values.json ? JSON.stringify(measurements, null, 2) : tableOf(comparisons)}\n`);
  if (!measurements.every(({ ok }) => ok)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SetupError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
