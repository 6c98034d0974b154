import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomInt } from "node:crypto";
import { StreamProgress, type Progress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { readEnvironment } from "../../stacks/environment";
import { Lab } from "../lab/lab";
import { requestTools } from "../lab/programs";
import { unhindered } from "../lab/unhindered";
import { wholeOption } from "../whole-option";
import { killUnderLoad } from "./kills";
import type { Reckoning } from "./reckoning";
import { restartUnderLoad } from "./restarts";

export interface TrialOptions {
  readonly folder?: string;
  readonly json?: boolean;
}

export interface KillTrialOptions extends TrialOptions {
  readonly count: string;
  readonly seed?: string;
}

/** Longest answer of a trial's lab, seconds, the least that an environment may say: what is interrupted is recorded after two. */
const longestAnswer = 30;

/** Runs something on a lab of its own, which asks for more than a door of an environment takes in a minute. */
async function onLab<T>(
  name: string,
  folder: string | undefined,
  work: (lab: Lab, progress: Progress) => Promise<T>,
): Promise<T> {
  const { platform, ...environment } = unhindered(readEnvironment(name, folder));
  const progress = new StreamProgress();
  const toolbox = await prepareToolbox(requestTools, progress);
  const door = { ...platform.door, requestTimeoutSeconds: longestAnswer };
  const directory = mkdtempSync(join(tmpdir(), "cloister-trial-"));
  const lab = await Lab.start({
    environment: { ...environment, platform: { ...platform, door } },
    ...{ directory, toolbox, progress },
    pacing: { firstToken: 10, eachToken: 5 },
  });
  try {
    return await work(lab, progress);
  } finally {
    await lab.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function told(lines: readonly string[], reckoning: Reckoning): string {
  const { requests, refusals, interrupted, open, answeredElsewhere, records, verdict, faults } = reckoning;
  const { whole, told: saidSo, refused, cut } = requests;
  return [
    ...lines,
    `Requests  ${whole} whole · ${saidSo} ended early and told so · ${refused} refused · ${cut} cut`,
    ...(refused === 0
      ? []
      : [
          `Refused   ${Object.entries(refusals)
            .map(([code, times]) => `${code} ${times}`)
            .join(" · ")}`,
        ]),
    `Record    ${verdict}, ${records} records · ${interrupted} of those that did not end whole interrupted, ${open} still open` +
      (answeredElsewhere === 0 ? "" : ` · ${answeredElsewhere} interrupted on one replica and answered on the other`),
    faults.length === 0
      ? "Nothing acknowledged was lost, and nobody got an answer that is not on the record."
      : `NOT SO:\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    "",
  ].join("\n");
}

const end = (
  report: Reckoning & object,
  json: boolean | undefined,
  lines: readonly string[],
  good: boolean,
): number => {
  process.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : told(lines, report));
  return good && report.faults.length === 0 ? 0 : 1;
};

/** `trial kills [environment]`: kills every process of a lab at random moments while it is asked. @returns the exit code. */
export async function kills(name: string, options: KillTrialOptions): Promise<number> {
  const count = wholeOption("--count", options.count, 1, 10_000);
  const seed = options.seed === undefined ? randomInt(2 ** 31) : wholeOption("--seed", options.seed, 0, 2 ** 32 - 1);
  const report = await onLab(name, options.folder, (lab, progress) =>
    progress.step(`killing ${count} times, seed ${seed}`, (tell) =>
      killUnderLoad(lab, {
        ...{ count, seed, untilClosed: true },
        onKill: (done, process) => tell(`${done} of ${count}, ${process}`),
      }),
    ),
  );
  const each = Object.entries(report.kills).map(([process, times]) => `${process} ${times}`);
  const lines = [`Killed    ${count} times in ${report.seconds.toFixed(0)} s, seed ${seed}: ${each.join(", ")}`];
  return end(report, options.json, lines, report.open === 0);
}

/** `trial restarts [environment]`: replaces every pod of a lab in its turn while it is asked. @returns the exit code. */
export async function restarts(name: string, options: TrialOptions): Promise<number> {
  const report = await onLab(name, options.folder, (lab, progress) =>
    progress.step("restarting every pod; a door's connections live two minutes", (tell) =>
      restartUnderLoad(lab, { onRestart: (pod, seconds) => tell(`${pod} in ${seconds.toFixed(1)} s`) }),
    ),
  );
  const lines = [`Restarted ${report.restarted.join(", ")} in ${report.seconds.toFixed(0)} s`];
  const { told: early, refused, cut } = report.requests;
  return end(report, options.json, lines, early + refused + cut === 0);
}
