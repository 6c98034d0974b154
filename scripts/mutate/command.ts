import { resolve } from "node:path";
import { environmentNames } from "../../stacks/environment";
import { rehearse } from "../rehearse/command";
import { RehearsalFiles } from "../rehearse/rehearsal-files";
import { LeftOutFields } from "./left-out";
import { plansOf } from "./mutation-plans";
import { scoreMutants } from "./mutation-score";
import { reportOf, reportText } from "./report";

export interface MutateOptions {
  /** Take the plans that the last rehearsals left, instead of previewing anew. */
  readonly rehearsed?: boolean;
  /** Least share that has to stop the deployment, in percent. */
  readonly goal: string;
  readonly folder?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** `mutate [environments…]`. @returns 0 where the goal is reached, 1 where it is not. */
export async function mutate(names: readonly string[], options: MutateOptions): Promise<number> {
  const environments = names.length > 0 ? names : environmentNames(options.folder);
  const state = options.state === undefined ? undefined : resolve(options.state);
  for (const name of options.rehearsed === true ? [] : environments) {
    const code = await quietly(() => rehearse(name, { ...options, preview: true, json: true }));
    if (code !== 0) {
      process.stderr.write(`The preview of ${name} did not pass the gate: there is nothing to break yet.\n`);
      return 1;
    }
  }
  const plans = environments.flatMap((name) => plansOf(name, new RehearsalFiles(name, state)));
  const leftOut = new LeftOutFields();
  const groups = scoreMutants(plans, leftOut);
  // What is left out of one environment may be what another has.
  const unused = names.length > 0 ? [] : leftOut.unused();
  const report = reportOf(groups, leftOut.leftOut(), unused, Number(options.goal) / 100);
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.score >= report.goal && report.unused.length === 0 ? 0 : 1;
}

/** Runs something whose own summary would stand among ours. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    return await run();
  } finally {
    process.stdout.write = write;
  }
}
