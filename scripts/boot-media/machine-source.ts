import { join } from "node:path";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { KitError } from "../../components/kit-error";
import type { Progress } from "../../rehearsal/setup/progress";
import { readEnvironment, stackName, type Environment } from "../../stacks/environment";
import { operatorsEngine } from "../engine/operators-engine";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { rehearsedSource } from "./rehearsed-source";

export interface SourceOptions {
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** Reads the secrets of the environment's rehearsal: what is made of them is for trying, and opens nothing real. */
  readonly rehearsed?: boolean;
  /** Folder in which rehearsals keep their files. Default: `.cloister/rehearsals`. */
  readonly state?: string;
}

/** Where secrets and the image lock come from. */
export interface Source {
  readonly secrets: MachineSecrets | undefined;
  readonly lockPath: string;
  readonly placeholders: boolean;
}

/**
 * What the foundation made for the machines of a site.
 *
 * @throws KitError where it is not up, or a machine of the file is not in it yet.
 */
export async function readMachines(
  environment: OnSiteEnvironment,
  options: SourceOptions,
  progress: Progress,
): Promise<Source & { readonly secrets: MachineSecrets }> {
  const source = await (options.rehearsed === true
    ? rehearsedSource(environment.name, progress, options.state)
    : operatorsSource(environment.name, progress));
  return { ...source, secrets: requireSecrets(environment, source, options) };
}

/**
 * An environment whose machines are the company's own.
 *
 * @throws KitError for one whose machines are a cloud's.
 */
export function readSite(name: string, folder?: string): OnSiteEnvironment {
  const environment: Environment = readEnvironment(name, folder);
  if (environment.footprint.kind !== "private-cloud") return environment as OnSiteEnvironment;
  throw new KitError("The environment has no machines of its own", [
    {
      path: `${join(folder ?? "stacks", `${environment.name}.yaml`)} footprint.kind`,
      found: "private-cloud",
      allowed: "on-prem or colocation",
      mend: "a cloud boots its own machines, and lets operators in by its own identities",
    },
  ]);
}

async function operatorsSource(name: string, progress: Progress): Promise<Source> {
  const { engine } = await operatorsEngine(progress);
  const stack = stackName(name, "foundation");
  await engine.requireStack(stack);
  const { machines } = await engine.secretOutputs(stack);
  const lockPath = join(projectDirectory, "stacks", name, "images.lock.json");
  return { secrets: machines as MachineSecrets | undefined, lockPath, placeholders: false };
}

/** The secrets, and something for each machine of the file. */
function requireSecrets(environment: OnSiteEnvironment, { secrets }: Source, options: SourceOptions): MachineSecrets {
  const { name } = environment;
  const mend =
    options.rehearsed === true
      ? `run \`npm run rehearse -- ${name}\` first`
      : `run \`npm run cloister -- up ${name}\`, which brings the foundation up`;
  const path = `${stackName(name, "foundation")} output machines`;
  if (secrets === undefined) {
    throw new KitError("The foundation is not up", [{ path, found: "nothing", allowed: "its secrets", mend }]);
  }
  const missing = environment.footprint.machines.filter((machine) => !(machine.name in secrets.diskPassphrases));
  if (missing.length === 0) return secrets;
  throw new KitError(
    "The foundation does not know every machine",
    missing.map((machine) => ({ path, found: `nothing for ${machine.name}`, allowed: "its secrets", mend })),
  );
}
