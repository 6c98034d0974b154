import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lives } from "../../rehearsal/processes/process-identity";
import { runningRehearsal, stopRehearsal } from "../../rehearsal/processes/supervisor";
import { labFolder } from "../ledger/sources";
import { ComposeEngine } from "./containers/compose-engine";
import { projectOf } from "./containers/container-files";
import { findEngine } from "./containers/engine";

/** `lab --down`: ends an environment's lab, whoever started it, and what a killed one left. @returns the exit code. */
export async function endLab(name: string, json: boolean): Promise<number> {
  const directory = labFolder(name);
  const running = runningRehearsal(directory);
  const ended = running?.processes.map((one) => one.name) ?? [];
  const commanded = running !== undefined && lives(running.owner);
  if (commanded) {
    // The command that started it ends what it started, and its own issuer.
    process.kill(running.owner.pid, "SIGTERM");
    while (lives(running.owner) || lives(running.supervisor)) await sleep(50);
  } else if (existsSync(directory)) {
    ended.push(...(await stopRehearsal(directory)).filter((one) => !ended.includes(one)));
    ended.push(...(await endContainers(name, directory)));
  }
  if (json) process.stdout.write(`${JSON.stringify({ ended })}\n`);
  else if (ended.length > 0) process.stdout.write(`Ended the lab of ${name}: ${ended.join(", ")}.\n`);
  else process.stdout.write(commanded ? `Ended the lab of ${name}.\n` : `No lab of ${name} is up.\n`);
  return 0;
}

/** Containers outlive the command that started them where that was killed. @returns their services. */
async function endContainers(name: string, directory: string): Promise<string[]> {
  const file = join(directory, "compose.yaml");
  const { engine } = existsSync(file) ? findEngine() : {};
  if (engine === undefined) return [];
  const containers = new ComposeEngine(engine, projectOf(name), file, join(directory, "logs"));
  const left = containers.states().map(({ service }) => service);
  if (left.length > 0) await containers.down();
  return left;
}
