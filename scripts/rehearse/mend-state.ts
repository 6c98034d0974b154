import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { KitError } from "../../components/kit-error";

const isWhole = (path: string): boolean => {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
};

/**
 * Mends what an engine that was killed in the middle of a write left of a stack's state: half-written companions go, and a
 * broken state gives way to the copy that the engine keeps beside it.
 *
 * @param state the stack's state file, as the engine's file backend lays it.
 * @throws KitError when neither the state nor its copy can be read.
 */
export function mendState(state: string, environment: string): void {
  const folder = dirname(state);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const halfWritten = name.endsWith(".attrs") && statSync(path).size === 0;
    if (halfWritten || name.endsWith(".tmp")) rmSync(path, { force: true });
  }
  if (!existsSync(state) || isWhole(state)) return;
  const copy = `${state}.bak`;
  if (existsSync(copy) && isWhole(copy)) {
    copyFileSync(copy, state);
    rmSync(`${state}.attrs`, { force: true });
    return;
  }
  throw new KitError("The rehearsal's state cannot be read", [
    {
      path: state,
      found: "a file that is no JSON, and no whole copy beside it",
      allowed: "the state as the engine wrote it",
      mend: `run \`npm run rehearse -- ${environment} --fresh\`, which begins anew`,
    },
  ]);
}
