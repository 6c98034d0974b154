import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { end, findByCommandLine, gone, lives } from "./process-identity";

const identity = z.object({ pid: z.int().positive(), started: z.string() });

const recordedProcess = identity.extend({
  name: z.string(),
  command: z.string(),
  args: z.array(z.string()),
  port: z.int().optional(),
  graceSeconds: z.number(),
  log: z.string(),
});

const processTable = z.object({
  supervisor: identity,
  /** The command line that the supervisor serves; it ends with it, unless the rehearsal is kept. */
  owner: identity,
  keep: z.boolean(),
  /** When a kept rehearsal stops by itself. */
  stopsAt: z.iso.datetime().optional(),
  /** In the order of their start. */
  processes: z.array(recordedProcess),
  /** The command line of a server whose pid is not written down yet: a kill may come between its start and that. */
  starting: z.array(z.string()).optional(),
  /** Why and when it all ended; absent while it runs, and after a kill. */
  ended: z.object({ at: z.iso.datetime(), reason: z.string() }).optional(),
});

export type RecordedProcess = z.infer<typeof recordedProcess>;
export type ProcessTable = z.infer<typeof processTable>;

export const tablePath = (directory: string) => join(directory, "processes.json");

/** The last written table, or undefined when there is none or it is not one (a torn file is no reason to fail). */
export function readProcessTable(directory: string): ProcessTable | undefined {
  try {
    return processTable.parse(JSON.parse(readFileSync(tablePath(directory), "utf8")));
  } catch {
    return undefined;
  }
}

/** Replaces the table in one step, so that a reader or a kill never meets half of one. */
export function writeProcessTable(directory: string, table: ProcessTable): void {
  const path = tablePath(directory);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.next`, `${JSON.stringify(table, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.next`, path);
}

/** Another command line is at work in this directory now. */
export class RehearsalBusyError extends Error {
  constructor(
    directory: string,
    readonly ownerPid: number,
  ) {
    super(
      `A rehearsal in ${directory} is at work already, started by process ${ownerPid}. ` +
        "Wait until it ends, or end that process; then run this command again.",
    );
    this.name = "RehearsalBusyError";
  }
}

/**
 * Ends whatever an earlier run left in this directory, each process by its own recorded identity, in reverse order.
 * A kept rehearsal is ended through its supervisor. A pid that another program bears by now is never touched.
 *
 * @returns the names of what was ended: empty after a clean end.
 * @throws RehearsalBusyError when the command line that started it is still alive and did not ask to keep it.
 */
export async function reap(directory: string): Promise<string[]> {
  const table = readProcessTable(directory);
  if (table === undefined) return [];
  const left = table.processes.filter(lives).map(({ name }) => name);
  if (lives(table.supervisor)) {
    if (!table.keep && table.owner.pid !== process.pid && lives(table.owner)) {
      throw new RehearsalBusyError(directory, table.owner.pid);
    }
    process.kill(table.supervisor.pid, "SIGTERM");
    const longest = table.processes.reduce((sum, { graceSeconds }) => sum + graceSeconds + 1, 5);
    if (!(await gone(table.supervisor, longest))) await end(table.supervisor, 0);
  }
  // Read again: a supervisor that was just starting a server has recorded it since.
  const { processes, starting } = readProcessTable(directory) ?? table;
  for (const stray of starting === undefined ? [] : findByCommandLine(starting)) await end(stray, 5);
  for (const child of [...processes].reverse()) await end(child, child.graceSeconds);
  return left;
}
