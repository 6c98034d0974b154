import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { latestLedgers, readLedgers } from "../../policies/evidence/ledger";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { layers, stackName, type Environment } from "../../stacks/environment";
import { operatorsEngine } from "../engine/operators-engine";
import { prepareGate } from "../gate";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { stackSummary, type StackSummary } from "../rehearse/summary";
import type { EnvironmentPreview } from "./environment-preview";
import { plannedResources, type PlannedResource } from "./planned-resources";

/**
 * Previews an environment against what stands, with the credentials and the backend of who runs it.
 *
 * @param refresh whether what is really there is read first, and not only what the state says: drift shows then.
 * @param folder where settings and verdicts are kept.
 * @throws KitError where a stack is not there.
 */
export async function deployedPreview(
  environment: Environment,
  refresh: boolean,
  folder: string,
): Promise<EnvironmentPreview> {
  const begun = performance.now();
  const progress = new StreamProgress();
  const { engine, toolbox } = await operatorsEngine(progress);
  const directory = join(folder, environment.name);
  // What an earlier run found says nothing about this one.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const gate = prepareGate(environment, directory);
  const stacks: StackSummary[] = [];
  const resources: [string, PlannedResource][] = [];
  let stopped = false;
  for (const layer of layers) {
    const stack = stackName(environment.name, layer);
    await engine.requireStack(stack);
    const result = await progress.step(`previewing ${stack}`, (onProgress) =>
      engine.preview({ stack, gate, refresh, onProgress }),
    );
    stacks.push(stackSummary(stack, "preview", result));
    const log = join(projectDirectory, ".cloister/logs", `${stack}-preview.events.jsonl`);
    if (existsSync(log)) resources.push(...plannedResources(readFileSync(log, "utf8")));
    stopped ||= result.code !== 0;
  }
  return {
    against: "deployed",
    outcome: stopped ? "stopped" : "planned",
    resources: new Map(resources),
    ledgers: latestLedgers(readLedgers(gate.verdictsDirectory)),
    stacks,
    standIns: [],
    engineVersion: toolbox.engine.version,
    seconds: (performance.now() - begun) / 1000,
  };
}
