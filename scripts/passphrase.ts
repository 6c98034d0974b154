import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { KitError } from "../components/kit-error";

/** Shorter ones are guessed by anybody who finds the file. */
const shortestPassphrase = 16;

export interface PassphraseArgs {
  /** The environment variable that may hold it. */
  readonly variable: string;
  /** The environment variable that may name a file with it, as CI systems hand out secrets; its last line break is none of it. */
  readonly fileVariable?: string;
  /** What it opens, as a person reads it. */
  readonly of: string;
  /** Title of the mistake where there is none. */
  readonly title: string;
  /** Default: this process's own. */
  readonly variables?: NodeJS.ProcessEnv;
}

/**
 * A passphrase from its variable, from the file that another variable names, or from whoever sits at the terminal.
 *
 * @throws KitError where there is none, or it is too short.
 */
export async function readPassphrase(args: PassphraseArgs): Promise<string> {
  const { variable, fileVariable, of, title, variables = process.env } = args;
  const inVariable = variables[variable] ?? "";
  const file = fileVariable === undefined ? "" : (variables[fileVariable] ?? "");
  const given = inVariable !== "" ? inVariable : fromFile(file);
  const passphrase = given ?? (process.stdin.isTTY && file === "" ? await ask(of) : "");
  if (passphrase.length >= shortestPassphrase) return passphrase;
  const empty = file === "" ? "nothing, and no terminal to ask at" : `no file ${file}, or nothing in it`;
  throw new KitError(title, [
    {
      path: fileVariable === undefined ? variable : `${variable} or ${fileVariable}`,
      found: passphrase === "" ? empty : `${passphrase.length} characters`,
      allowed: `${shortestPassphrase} characters or more`,
      mend: "set the variable for this one command, or run it at a terminal",
    },
  ]);
}

const fromFile = (file: string): string | undefined =>
  file !== "" && existsSync(file) ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : undefined;

function ask(of: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  return new Promise((answer) => {
    terminal.question(`Passphrase of ${of}: `, (line) => {
      terminal.close();
      process.stderr.write("\n");
      answer(line);
    });
    // What is typed is not shown.
    (terminal as unknown as { _writeToOutput: () => void })._writeToOutput = () => undefined;
  });
}
