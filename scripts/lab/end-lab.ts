import { setTimeout as sleep } from "node:timers/promises";
import { lives } from "../../rehearsal/processes/process-identity";
import { runningRehearsal, stopRehearsal } from "../../rehearsal/processes/supervisor";
import { labFolder } from "../ledger/sources";

/** `lab --down`: ends an environment's lab, whoever started it, and what a killed one left. @returns the exit code. */
export async function endLab(name: string, json: boolean): Promise<number> {
  const directory = labFolder(name);
  const running = runningRehearsal(directory);
  const ended = running?.processes.map((one) => one.name) ?? [];
  if (running !== undefined && lives(running.owner)) {
    // The command that started it ends its servers, and its own issuer.
    process.kill(running.owner.pid, "SIGTERM");
    while (lives(running.owner) || lives(running.supervisor)) await sleep(50);
  } else {
    ended.push(...(await stopRehearsal(directory)).filter((one) => !ended.includes(one)));
  }
  if (json) process.stdout.write(`${JSON.stringify({ ended })}\n`);
  else if (ended.length === 0) process.stdout.write(`No lab of ${name} is up.\n`);
  else process.stdout.write(`Ended the lab of ${name}: ${ended.length} processes.\n`);
  return 0;
}
