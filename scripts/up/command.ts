import { createInterface } from "node:readline/promises";
import { KitError } from "../../components/kit-error";
import { readEnvironment } from "../../stacks/environment";
import type { EngineResult } from "../engine/engine";
import { judgeDeployedList } from "../pki/list-in-force";
import { waiverLine } from "../waive/tell-waivers";
import { changedResources, exitCodes } from "../rehearse/summary";
import { tellFailures } from "../rehearse/table";
import { Deployment, type Deployed } from "./deployment";

export interface UpOptions {
  readonly yes?: boolean;
  readonly preview?: boolean;
  /** Judge what stands where it was changed without the gate, and go on where it is released. */
  readonly judge?: boolean;
  readonly json?: boolean;
}

/** `up <environment>`: both stacks through the gate, then the judgement of what stands. @returns the exit code. */
export async function up(name: string, options: UpOptions): Promise<number> {
  const environment = readEnvironment(name);
  const ask = process.stdin.isTTY && process.stdout.isTTY && options.yes !== true && options.preview !== true;
  if (!ask && options.yes !== true && options.preview !== true) throw mayNotAsk(name);
  const warning = await judgeDeployedList(environment);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
  const deployment = await Deployment.open(environment, options.preview === true);
  const deployed = await (options.preview === true
    ? deployment.preview()
    : deployment.run({ judge: options.judge === true, ...(ask ? { agreed } : {}) }));
  return conclude(name, deployed, options);
}

async function agreed(stack: string, { changes, output }: EngineResult): Promise<boolean> {
  if (changedResources(changes) === 0) return true;
  process.stderr.write(`${output}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Do this to ${stack} (${JSON.stringify(changes)})? Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}

function conclude(name: string, deployed: Deployed, { json }: UpOptions): number {
  const { outcome, stacks, waivers, ungated, evidence } = deployed;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ stack: name, outcome, stacks, waivers, ungated, evidence }, null, 2)}\n`);
  } else {
    for (const { stack, verb, changes } of stacks) {
      process.stdout.write(`${stack.padEnd(28)} ${verb.padEnd(8)} ${JSON.stringify(changes)}\n`);
    }
    for (const waiver of waivers) process.stdout.write(`${waiverLine(waiver)}\n`);
    tellFailures(stacks);
    if (evidence !== undefined) process.stdout.write(`evidence: ${evidence.html}\n`);
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
