import { createInterface } from "node:readline";
import { KitError } from "../components/kit-error";

/** Shorter ones are guessed by anybody who finds the file. */
const shortestPassphrase = 16;

export interface PassphraseArgs {
  /** The environment variable that may hold it. */
  readonly variable: string;
  /** What it opens, as a person reads it. */
  readonly of: string;
  /** Title of the mistake where there is none. */
  readonly title: string;
}

/**
 * A passphrase from its variable, or from whoever sits at the terminal.
 *
 * @throws KitError where there is none, or it is too short.
 */
export async function readPassphrase({ variable, of, title }: PassphraseArgs): Promise<string> {
  const given = process.env[variable] ?? (process.stdin.isTTY ? await ask(of) : "");
  if (given.length >= shortestPassphrase) return given;
  throw new KitError(title, [
    {
      path: variable,
      found: given === "" ? "nothing, and no terminal to ask at" : `${given.length} characters`,
      allowed: `${shortestPassphrase} characters or more`,
      mend: "set the variable for this one command, or run it at a terminal",
    },
  ]);
}

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
