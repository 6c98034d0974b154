import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface CommandOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Everything the command says is written here; an older log of that name is replaced. */
  readonly log: string;
  readonly onLine?: (line: string) => void;
  /** Told the process number, which is its group's too. */
  readonly onStart?: (pid: number) => void;
}

export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** The last lines it said. */
  readonly tail: string;
}

const TAIL_LINES = 15;
const INTERRUPTIONS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const running = new Set<ChildProcess>();

/** Runs a command to its end in a process group of its own, which ends with this process when that is interrupted. */
export async function runLogged(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, "w");
  const tail: string[] = [];
  writeSync(log, `$ ${command} ${args.join(" ")}\n`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.environment,
    // A group of its own: compilers are grandchildren, and are to be reached too.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  watch(child);
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const take = (line: string) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    options.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      writeSync(log, text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    });
    stream.on("end", () => rest && take(rest));
  }
  try {
    const exitCode = await new Promise<number | undefined>((settle, fail) => {
      child.once("error", fail);
      child.once("close", (code) => settle(code ?? undefined));
    });
    return { exitCode, tail: tail.join("\n") };
  } finally {
    running.delete(child);
    if (running.size === 0) unwatch();
    closeSync(log);
  }
}

function watch(child: ChildProcess): void {
  if (running.size === 0) {
    for (const signal of INTERRUPTIONS) process.on(signal, interrupted);
    process.on("exit", endAll);
  }
  running.add(child);
}

function unwatch(): void {
  for (const signal of INTERRUPTIONS) process.off(signal, interrupted);
  process.off("exit", endAll);
}

/** SIGINT, because the Go tool and pip remove their temporary files on it. */
function endAll(): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGINT");
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

function interrupted(signal: NodeJS.Signals): void {
  endAll();
  unwatch();
  // Where nobody else handles it, the signal does what it would have done.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
