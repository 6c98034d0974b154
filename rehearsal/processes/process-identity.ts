import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "../setup/owner-lock";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: differs for every process that ever bore this pid. */
  readonly started: string;
}

export function identify(pid: number): ProcessIdentity | undefined {
  const started = processStart(pid);
  return started === undefined ? undefined : { pid, started };
}

/** True only for the very process that was recorded: a pid reused by another program is not it. */
export function lives({ pid, started }: ProcessIdentity): boolean {
  return processStart(pid) === started;
}

/** Waits until the process is gone; false when it outlives the seconds given. */
export async function gone(identity: ProcessIdentity, withinSeconds: number): Promise<boolean> {
  const deadline = Date.now() + withinSeconds * 1000;
  while (lives(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Ends one process: SIGTERM, then SIGKILL when it outlives its grace. Does nothing when it is not the recorded one. */
export async function end(identity: ProcessIdentity, graceSeconds: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!lives(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    if (await gone(identity, signal === "SIGTERM" ? graceSeconds : 5)) return;
  }
  throw new Error(
    `Process ${identity.pid} does not end, not even by SIGKILL. It may wait for a disk: look at it with ps.`,
  );
}

/** The living processes with exactly this command line: how to find one whose pid was never written down. */
export function findByCommandLine(words: readonly string[]): ProcessIdentity[] {
  return commandLines()
    .filter(({ line }) => line === words.join(process.platform === "linux" ? "\0" : " "))
    .flatMap(({ pid }) => identify(pid) ?? []);
}

function commandLines(): { readonly pid: number; readonly line: string }[] {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 });
    return stdout.split("\n").flatMap((row) => {
      const [, pid, line] = /^\s*(\d+) (.*)$/.exec(row) ?? [];
      return pid === undefined || line === undefined ? [] : [{ pid: Number(pid), line }];
    });
  }
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [{ pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "") }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}
