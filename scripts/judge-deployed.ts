import { analyzeDeployed } from "../policies/analyze";
import type { PreparedGate } from "./gate";

export interface JudgeArgs {
  readonly stacks: readonly string[];
  /** Absolute path of the engine. */
  readonly engine: string;
  /** The whole environment the engine runs in. */
  readonly variables: NodeJS.ProcessEnv;
  readonly projectDirectory: string;
  readonly gate: PreparedGate;
}

/** What the judgement of one stack said. */
export interface StackJudgement {
  readonly stack: string;
  readonly released: boolean;
  /** Why it is not released, each in a sentence. */
  readonly reasons: readonly string[];
}

/** Judges what is deployed of some stacks, side by side. */
export async function judgeDeployed({
  stacks,
  engine,
  variables,
  projectDirectory,
  gate,
}: JudgeArgs): Promise<StackJudgement[]> {
  return Promise.all(
    stacks.map(async (stack) => {
      const { exit, reasons } = await analyzeDeployed({
        engine,
        environment: variables as Record<string, string>,
        projectDirectory,
        stack,
        packDirectory: gate.packDirectory,
        settings: gate.settings,
        verdictsDirectory: gate.verdictsDirectory,
      });
      return { stack, released: exit === "released", reasons };
    }),
  );
}
