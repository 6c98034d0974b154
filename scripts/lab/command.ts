import { join } from "node:path";
import pc from "picocolors";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { readEnvironment } from "../../stacks/environment";
import { labFolder } from "../ledger/sources";
import { checkLab, type TrialResult } from "./check/check-lab";
import { keepClient } from "./client-files";
import { labGuide, labSummary } from "./guide";
import { startLab, type LabStartOptions } from "./start-lab";
import { endLab } from "./end-lab";

export interface LabCommandOptions extends LabStartOptions {
  readonly json?: boolean;
  /** Try the lab as its guide does, and end. */
  readonly check?: boolean;
  /** End the environment's lab, whoever started it. */
  readonly down?: boolean;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
}

/** `lab [environment]`: starts it, says how to ask, and stays until it is told to end. @returns the exit code. */
export async function lab(name: string, options: LabCommandOptions): Promise<number> {
  const environment = readEnvironment(name, options.folder);
  const json = options.json === true;
  if (options.down === true) return endLab(environment.name, json);
  const { lab: running, notes } = await startLab(environment, options, new StreamProgress());
  const ended = new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  let endRenewing = (): void => undefined;
  try {
    endRenewing = await keepClient(environment, running);
    writePrivateFile(join(labFolder(name), "ledger.json"), JSON.stringify(running.ledger, null, 2));
    const check = options.check === true;
    if (check) {
      const results = await checkLab(environment, running, (result) => void process.stderr.write(lineOf(result)));
      if (json) print({ ...labSummary(environment, running), trials: results });
      return results.every(({ ok }) => ok) ? 0 : 1;
    }
    if (json) print(labSummary(environment, running));
    else process.stdout.write(labGuide(environment, running, notes));
    await ended;
    process.stderr.write("\nEnding the lab.\n");
    return 0;
  } finally {
    endRenewing();
    await running.stop();
  }
}

const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

const lineOf = ({ name, ok, found }: TrialResult): string => `${ok ? pc.green("✔") : pc.red("✖")} ${name}: ${found}\n`;
