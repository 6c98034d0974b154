import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { operatorsEngine } from "../engine/operators-engine";
import { readEnvironment, stackName } from "../../stacks/environment";
import { holdCeremony, makeRoots, openRoots, sealRoots, type Roots } from "./ceremony";

export interface PkiOptions {
  /** File of the sealed roots; made where it is not there. */
  readonly roots: string;
}

/** `pki <environment>`: each root signs a new intermediate, and these become a secret of the foundation's stack. */
export async function pki(name: string, options: PkiOptions): Promise<number> {
  const environment = readEnvironment(name);
  const slug = environment.organisation.slug;
  const file = resolve(options.roots);
  const now = new Date();
  const passphrase = await readPassphrase(file);
  const roots = existsSync(file) ? openKept(file, passphrase) : await makeRoots(slug, name, now);
  const { engine } = await operatorsEngine(new StreamProgress());
  const stack = stackName(name, "foundation");
  await engine.requireStack(stack);
  const authorities = await holdCeremony(roots, slug, now);
  if (!existsSync(file)) writePrivateFile(file, sealRoots(roots, passphrase));
  await engine.setSecret(stack, "cloister:pki", JSON.stringify(authorities));
  process.stdout.write(
    `The intermediates of ${name} are a secret of ${stack}. The roots are in ${file}: carry it to where no network reaches.\n`,
  );
  return 0;
}

function openKept(file: string, passphrase: string): Roots {
  try {
    return openRoots(readFileSync(file, "utf8"), passphrase);
  } catch (error) {
    throw new KitError("The roots cannot be opened", [
      {
        path: file,
        found: (error as Error).message,
        allowed: "roots sealed by this command, and their passphrase",
        mend: "give the right passphrase, or the right file; without the roots new ones must be made and all clients told",
      },
    ]);
  }
}

/** Shorter ones are guessed by anybody who finds the file. */
const shortestPassphrase = 16;

async function readPassphrase(file: string): Promise<string> {
  const given = process.env.CLOISTER_ROOT_PASSPHRASE ?? (process.stdin.isTTY ? await ask(file) : "");
  if (given.length >= shortestPassphrase) return given;
  throw new KitError("The roots need a passphrase", [
    {
      path: "CLOISTER_ROOT_PASSPHRASE",
      found: given === "" ? "nothing, and no terminal to ask at" : `${given.length} characters`,
      allowed: `${shortestPassphrase} characters or more`,
      mend: "set the variable for this one command, or run it at a terminal",
    },
  ]);
}

function ask(file: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  return new Promise((answer) => {
    terminal.question(`Passphrase of ${file}: `, (line) => {
      terminal.close();
      process.stderr.write("\n");
      answer(line);
    });
    // What is typed is not shown.
    (terminal as unknown as { _writeToOutput: () => void })._writeToOutput = () => undefined;
  });
}
