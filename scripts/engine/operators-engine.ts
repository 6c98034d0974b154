import { join } from "node:path";
import type { Progress } from "../../rehearsal/setup/progress";
import { prepareToolbox, type Toolbox } from "../../rehearsal/setup/toolbox";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { Engine } from "./engine";

/** The engine with the operator's own environment: their backend, their credentials, their plugins. */
export async function operatorsEngine(
  progress: Progress,
): Promise<{ engine: Engine; toolbox: Toolbox; environment: NodeJS.ProcessEnv; logDirectory: string }> {
  const toolbox = await prepareToolbox(["pulumi"], progress);
  const { path, origin, languageHost } = toolbox.engine;
  if (origin === "built") {
    progress.note(
      "There is no Pulumi on PATH: the kit's own build and language host are used. Install Pulumi for real work.",
    );
  }
  const environment = {
    ...process.env,
    ...(languageHost.origin === "own" ? { PATH: `${languageHost.directory}:${process.env.PATH ?? ""}` } : {}),
  };
  const logDirectory = join(projectDirectory, ".cloister", "logs");
  const engine = new Engine({ command: path, environment, projectDirectory, logDirectory });
  return { engine, toolbox, environment, logDirectory };
}
