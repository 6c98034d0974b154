import { analyzeDeployed } from "../policies/analyze";
import { layers, stackName, type Environment } from "../stacks/environment";
import type { PreparedGate } from "./gate";

export interface JudgeArgs {
  readonly environment: Environment;
  /** Absolute path of the engine. */
  readonly engine: string;
  /** The whole environment the engine runs in. */
  readonly variables: NodeJS.ProcessEnv;
  readonly projectDirectory: string;
  readonly gate: PreparedGate;
}

/** Judges what is deployed of both stacks. True where nothing critical failed and nothing critical is still open. */
export async function judgeDeployed({
  environment,
  engine,
  variables,
  projectDirectory,
  gate,
}: JudgeArgs): Promise<boolean> {
  const analyses = await Promise.all(
    layers.map((layer) =>
      analyzeDeployed({
        engine,
        environment: variables as Record<string, string>,
        projectDirectory,
        stack: stackName(environment.name, layer),
        packDirectory: gate.packDirectory,
        settings: gate.settings,
        verdictsDirectory: gate.verdictsDirectory,
      }),
    ),
  );
  return analyses.every((analysis) => analysis.exit === "released");
}
