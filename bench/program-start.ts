import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { splitWords } from "../rehearsal/language-host/node-program";
import { projectDirectory } from "../scripts/rehearse/rehearsal-files";
import { compare, interleaved, type Comparison } from "./measurement";
import { timed } from "./timed-command";

const rounds = 7;
/** What the program uses of packages, loaded as they were published. */
const packages = [
  "@pulumi/pulumi",
  "@pulumi/aws",
  "@pulumi/kubernetes",
  "@pulumi/random",
  "@pulumi/tls",
  "zod",
  "yaml",
];

/** Loading the program as the engine loads it, against loading its packages in plain JavaScript. */
export async function measureProgramStart(): Promise<Comparison> {
  const node = async (args: readonly string[]) => {
    const command = { command: process.execPath, args, directory: projectDirectory, environment: process.env };
    return (await timed(command)).seconds;
  };
  const program = () => node([...nodeArguments(), "-e", 'require("./index.ts")']);
  const plain = () => node(["-e", `for (const name of ${JSON.stringify(packages)}) require(name)`]);
  // The first of each fills the caches of files and of transformed sources.
  await interleaved(1, program, plain);
  return compare({
    name: "program-start",
    goal: 2.2,
    sides: ["the program, loaded with its runtime options", "its packages, required by plain JavaScript"],
    rounds: await interleaved(rounds, program, plain),
  });
}

interface Project {
  readonly runtime: { readonly options?: { readonly nodeargs?: string } };
}

function nodeArguments(): string[] {
  const project = parse(readFileSync(join(projectDirectory, "Pulumi.yaml"), "utf8")) as Project;
  return splitWords(project.runtime.options?.nodeargs ?? "");
}
