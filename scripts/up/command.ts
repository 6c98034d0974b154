import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { KitError } from "../../components/kit-error";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { layers, readEnvironment, stackName } from "../../stacks/environment";
import type { EngineResult } from "../engine/engine";
import { operatorsEngine } from "../engine/operators-engine";
import { prepareGate } from "../gate";
import { judgeDeployed } from "../judge-deployed";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { stepsToCluster } from "./cluster-context";
import { changedResources, exitCodes, stackSummary, type Outcome, type StackSummary } from "../rehearse/summary";
import { tellFailures } from "../rehearse/table";

export interface UpOptions {
  readonly yes?: boolean;
  readonly preview?: boolean;
  readonly json?: boolean;
}

/** `up <environment>`: both stacks through the gate, then the judgement of what stands. @returns the exit code. */
export async function up(name: string, options: UpOptions): Promise<number> {
  const environment = readEnvironment(name);
  const ask = process.stdin.isTTY && process.stdout.isTTY && options.yes !== true && options.preview !== true;
  if (!ask && options.yes !== true && options.preview !== true) throw mayNotAsk(name);
  const progress = new StreamProgress();
  const { engine, toolbox, environment: variables } = await operatorsEngine(progress);
  const directory = join(projectDirectory, ".cloister", "environments", name);
  mkdirSync(directory, { recursive: true });
  const gate = prepareGate(environment, directory);
  const summaries: StackSummary[] = [];
  const finish = (outcome: Outcome): number => conclude(name, outcome, summaries, options);
  const note = (stack: string, verb: "up" | "preview", result: EngineResult) => {
    summaries.push(stackSummary(stack, verb, result));
    return result;
  };

  for (const layer of layers) {
    const stack = stackName(name, layer);
    const steps = layer === "platform" && options.preview !== true ? stepsToCluster(environment, variables) : undefined;
    if (steps !== undefined) {
      process.stderr.write(`${steps.join("\n")}\n`);
      return finish("stopped");
    }
    await engine.requireStack(stack);
    const planned = await progress.step(`previewing ${stack}`, (onProgress) =>
      engine.preview({ stack, gate, onProgress }),
    );
    if (planned.code !== 0 || options.preview === true) {
      note(stack, "preview", planned);
      if (planned.code !== 0) return finish("stopped");
      continue;
    }
    if (ask && changedResources(planned.changes) > 0 && !(await agreed(stack, planned))) return finish("stopped");
    const done = await progress.step(`bringing up ${stack}`, (onProgress) =>
      engine.up({ stack, gate, previewed: true, onProgress }),
    );
    if (note(stack, "up", done).code !== 0) return finish("stopped");
  }
  if (options.preview === true) return finish("planned");
  const engineOf = { engine: toolbox.engine.path, variables, projectDirectory };
  const stacks = layers.map((layer) => stackName(name, layer));
  const judgements = await judgeDeployed({ stacks, gate, ...engineOf });
  for (const { stack, reasons } of judgements) for (const reason of reasons) progress.note(`${stack}: ${reason}`);
  return finish(judgements.every(({ released }) => released) ? "released" : "not-released");
}

async function agreed(stack: string, { changes, output }: EngineResult): Promise<boolean> {
  process.stderr.write(`${output}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Do this to ${stack} (${JSON.stringify(changes)})? Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}

function conclude(name: string, outcome: Outcome, stacks: readonly StackSummary[], { json }: UpOptions): number {
  if (json === true) process.stdout.write(`${JSON.stringify({ stack: name, outcome, stacks }, null, 2)}\n`);
  else {
    for (const { stack, verb, changes } of stacks) {
      process.stdout.write(`${stack.padEnd(28)} ${verb.padEnd(8)} ${JSON.stringify(changes)}\n`);
    }
    tellFailures(stacks);
    process.stdout.write(`${name}: ${outcome}\n`);
  }
  return exitCodes[outcome];
}

const mayNotAsk = (name: string): KitError =>
  new KitError("There is nobody to ask", [
    {
      path: "terminal",
      found: "none",
      allowed: "a terminal, --yes or --preview",
      mend: `run \`npm run cloister -- up ${name} --preview\`, read it, then run it again with --yes`,
    },
  ]);
