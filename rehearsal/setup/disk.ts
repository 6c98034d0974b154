import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { SetupProblem } from "./setup-error";

/** Gigabytes (10⁹ bytes) this user may still write where the directory is, or will be. */
export function freeGigabytes(directory: string): number {
  let existing = directory;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return (bavail * bsize) / 1e9;
}

/** The first directory with too little room, as a problem to show. */
export function diskProblem(
  neededGigabytes: number,
  purpose: string,
  directories: readonly string[],
  free: (directory: string) => number = freeGigabytes,
): SetupProblem | undefined {
  const short = directories.find((directory) => free(directory) < neededGigabytes);
  if (short === undefined) return undefined;
  return {
    needed: `${neededGigabytes.toFixed(1)} GB of free disk for ${purpose}`,
    found: `${free(short).toFixed(1)} GB free at ${short}`,
    mend: "Free some room there, or set CLOISTER_CACHE (and GOCACHE, GOMODCACHE) to directories on a larger disk.",
  };
}
