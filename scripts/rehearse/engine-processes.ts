import { rmSync } from "node:fs";
import { end, identify, type ProcessIdentity } from "../../rehearsal/processes/process-identity";
import type { RehearsalFiles } from "./rehearsal-files";

/** The engine's processes are noted, so that a run after a killed one can end them by their own ids. */
export function noteEngine(files: RehearsalFiles, pid: number, running: boolean): void {
  const others = (files.readJson<ProcessIdentity[]>(files.engineProcesses) ?? []).filter((noted) => noted.pid !== pid);
  const identity = running ? identify(pid) : undefined;
  files.writeJson(files.engineProcesses, identity === undefined ? others : [...others, identity]);
}

/** Ends what a killed run left. */
export async function endKilledEngines(files: RehearsalFiles): Promise<void> {
  const left = files.readJson<ProcessIdentity[]>(files.engineProcesses) ?? [];
  await Promise.all(left.map((identity) => end(identity, 10)));
  rmSync(files.engineProcesses, { force: true });
}
