import { spawn } from "node:child_process";

export interface TimedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface TimedResult {
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command to its end. @throws Error with what it said, when it fails: a failed run measures nothing. */
export function timed({ command, args, directory, environment }: TimedCommand): Promise<TimedResult> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command, args, { cwd: directory, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - begun) / 1000;
      const said = Buffer.concat(output).toString("utf8");
      if (code === 0) return resolve({ seconds, output: said });
      reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${said}${Buffer.concat(errors).toString()}`));
    });
  });
}
