import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEvents } from "../../scripts/engine/engine-events";
import { endKilledEngines, noteEngine } from "../../scripts/rehearse/engine-processes";
import { mendState } from "../../scripts/rehearse/mend-state";
import type { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { layers, stackName } from "../../stacks/environment";
import type { RehearsedExample } from "./rehearsed";

/** Mulberry32: the same numbers from the same seed, from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Brings a layer up and kills the engine at a point of its way.
 *
 * @param after number of steps that were begun on resources which have something done to them, at which it is killed.
 * @returns whether it was killed, or came to its end before.
 */
export async function upUntilKilled(
  { files, toolbox }: RehearsedExample,
  rehearsal: Rehearsal,
  { stack, after }: { readonly stack: string; readonly after: number },
): Promise<"killed" | "ended"> {
  const directory = mkdtempSync(join(tmpdir(), "cloister-kill-"));
  const log = join(directory, "events.jsonl");
  const common = ["--non-interactive", "--suppress-progress", "--event-log", log];
  // As the rehearsal itself would begin it: an update that was killed is gone on with, one that nobody announced is not.
  const verdicts = rehearsal["verdicts"];
  const message = await verdicts.begin(stack);
  const child = spawn(
    toolbox.engine.path,
    ["up", "--yes", "--skip-preview", "--refresh", "--message", message, "--stack", stack, ...common],
    {
      cwd: files.project,
      env: { ...rehearsal.site.environment, PULUMI_DEBUG_COMMANDS: "true" },
      stdio: "ignore",
    },
  );
  if (child.pid !== undefined) noteEngine(files, child.pid, true);
  const timer = setInterval(() => {
    if (begun(log) >= after) child.kill("SIGKILL");
  }, 20);
  const signal = await new Promise<NodeJS.Signals | null>((ended) => child.on("close", (_code, by) => ended(by)));
  clearInterval(timer);
  if (signal === null && child.pid !== undefined) noteEngine(files, child.pid, false);
  if (signal !== "SIGKILL") await verdicts.updated(stack, true);
  rmSync(directory, { recursive: true, force: true });
  return signal === "SIGKILL" ? "killed" : "ended";
}

const doing = new Set(["create", "update", "replace", "create-replacement", "delete", "delete-replaced"]);

function begun(log: string): number {
  if (!existsSync(log)) return 0;
  return parseEvents(readFileSync(log, "utf8")).filter(
    ({ resourcePreEvent }) => resourcePreEvent !== undefined && doing.has(resourcePreEvent.metadata.op),
  ).length;
}

/** What the opening of a rehearsal does after a killed run, for servers that stayed up. */
export async function mend({ files, name, toolbox }: RehearsedExample, { site }: Rehearsal): Promise<void> {
  await endKilledEngines(files);
  for (const layer of layers) {
    const stack = stackName(name, layer);
    mendState(files.stackState(stack), name);
    if (files.isLocked(stack)) await cancel(toolbox.engine.path, stack, files.project, site.environment);
  }
}

function cancel(engine: string, stack: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine, ["cancel", "--yes", "--stack", stack], { cwd, env, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the lock of ${stack} stayed: ${code}`))));
  });
}
