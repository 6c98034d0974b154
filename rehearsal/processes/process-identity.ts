import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: differs for every process that ever bore this pid. */
  readonly started: string;
}

/** The start of a process, or undefined when no such process lives (a zombie does not). */
export function processStart(pid: number): string | undefined {
  return process.platform === "linux" ? linuxStart(pid) : portableStart(pid);
}

function linuxStart(pid: number): string | undefined {
  try {
    // The command, in parentheses, may hold spaces and parentheses: fields are counted after the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const ticks = fields[19];
    if (state === undefined || ticks === undefined || "ZX".includes(state)) return undefined;
    // Ticks count from boot, so the boot is part of the identity.
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

function portableStart(pid: number): string | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const line = stdout.trim();
  return status === 0 && line !== "" && !line.startsWith("Z") ? line.replace(/^\S+\s+/, "") : undefined;
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
