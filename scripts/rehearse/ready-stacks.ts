import { existsSync, readFileSync } from "node:fs";
import { stringify } from "yaml";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { layers, stackName, stacksFolder, type Environment } from "../../stacks/environment";
import type { Engine } from "../engine/engine";
import type { RehearsalFiles } from "./rehearsal-files";
import { rehearsedAuthorities } from "./site";

export interface ReadyArgs {
  readonly environment: Environment;
  /** Folder the environment file was read from. */
  readonly environmentFolder?: string;
  readonly files: RehearsalFiles;
  readonly engine: Engine;
}

/** Makes both stacks of a rehearsal where they are not there, with settings of its own, and frees them of a killed run's lock. */
export async function readyStacks({ environment, environmentFolder, files, engine }: ReadyArgs): Promise<void> {
  const before = files.readJson<unknown>(files.authorities);
  const authorities = await rehearsedAuthorities(environment, files);
  const renewed = JSON.stringify(before) !== JSON.stringify(authorities);
  for (const layer of layers) {
    const stack = stackName(environment.name, layer);
    const config = {
      "cloister:environment": environment.name,
      "cloister:rehearsal": files.directory,
      "cloister:environmentFolder": environmentFolder ?? stacksFolder,
    };
    // The engine adds the salt of its encryption to the file, and the secrets: what is there stays.
    const settings = files.stackSettings(stack);
    if (!existsSync(settings)) writePrivateFile(settings, stringify({ config }));
    // Each question to the engine is a process: what its backend's files tell is not asked.
    if (!existsSync(files.stackState(stack))) await engine.ensureStack(stack);
    if (files.isLocked(stack)) await engine.unlock(stack);
  }
  // Encrypting the same keys again would only change the file.
  const foundation = stackName(environment.name, "foundation");
  const kept = readFileSync(files.stackSettings(foundation), "utf8").includes("cloister:pki");
  if (renewed || !kept) await engine.setSecret(foundation, "cloister:pki", JSON.stringify(authorities));
}
