import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { BinaryName } from "../../rehearsal/setup/tools";

export interface JudgeRun {
  /** The Python that finds the judge's packages. */
  readonly python: Extract<BinaryName, `${string}-python`>;
  /** One of `programs/`, or a module of the judge's own. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly input?: string;
}

const programs = join(__dirname, "programs");

/**
 * Runs a judge without a network, and with a home of its own.
 *
 * @returns what it printed.
 * @throws where it ended badly, or tried to reach anybody: what it judges is nobody else's.
 */
export async function runJudge(toolbox: Toolbox, { python, program, args = [], input }: JudgeRun): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "cloister-judge-"));
  const command = program.endsWith(".py") ? join(programs, program) : program;
  try {
    const { code, output, errors } = await new Promise<{ code: number | null; output: string; errors: string }>(
      (resolve, reject) => {
        const child = spawn(toolbox.path(python), [join(programs, "offline.py"), command, ...args], {
          cwd: home,
          env: { PATH: process.env.PATH, HOME: home, LOG_LEVEL: "ERROR" },
        });
        const chunks: Buffer[] = [];
        const said: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
        child.on("error", reject);
        child.on("close", (ended) =>
          resolve({ code: ended, output: Buffer.concat(chunks).toString(), errors: Buffer.concat(said).toString() }),
        );
        child.stdin.end(input ?? "");
      },
    );
    if (errors.includes("refused: socket.")) throw new Error(`${program} tried to reach a network:\n${errors}`);
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${errors}`);
    return output;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
