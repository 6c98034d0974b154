import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import type { Progress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { stackName } from "../../stacks/environment";
import { Engine } from "../engine/engine";
import { rehearsalEnvironment } from "../rehearse/rehearsal-environment";
import { RehearsalFiles } from "../rehearse/rehearsal-files";
import type { Source } from "./machine-source";

/**
 * What a rehearsal of the environment holds; it is asked through its own engine, and nothing of the person's is used.
 *
 * @param state folder in which rehearsals keep their files.
 */
export async function rehearsedSource(name: string, progress: Progress, state?: string): Promise<Source> {
  const files = new RehearsalFiles(name, state === undefined ? undefined : resolve(state));
  const lockPath = files.imageLock;
  const stack = stackName(name, "foundation");
  if (!existsSync(files.stackState(stack))) return { secrets: undefined, lockPath, placeholders: true };
  const toolbox = await prepareToolbox(["pulumi"], progress);
  const engine = new Engine({
    command: toolbox.engine.path,
    environment: rehearsalEnvironment(files, toolbox),
    projectDirectory: files.project,
    logDirectory: files.logs,
  });
  const { machines } = await engine.secretOutputs(stack);
  return { secrets: machines as MachineSecrets | undefined, lockPath, placeholders: true };
}
