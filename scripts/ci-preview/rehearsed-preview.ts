import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { latestLedgers, readLedgers } from "../../policies/evidence/ledger";
import { layers, stackName } from "../../stacks/environment";
import { RehearsalFiles } from "../rehearse/rehearsal-files";
import type { RehearsalSummary } from "../rehearse/summary";
import type { EnvironmentPreview } from "./environment-preview";
import { plannedResources, type PlannedResource } from "./planned-resources";

/** A rehearsal that came to no end of its own: its own words tell why. */
export class RehearsalFailed extends Error {
  public override readonly name = "RehearsalFailed";
}

/**
 * Previews an environment at stand-ins, with the code of a tree: the change's, or that of the commit it is compared with.
 *
 * @param tree the project's folder.
 * @param state folder of the rehearsals. Both trees use the same one, so that keys drawn at random are the same in both.
 * @throws RehearsalFailed where it ended before it could plan.
 */
export async function rehearsedPreview(tree: string, environment: string, state: string): Promise<EnvironmentPreview> {
  const files = new RehearsalFiles(environment, state);
  // Settings and state name the tree that they were made from. Keys, ports and images stay, so that they do not differ.
  for (const folder of [files.project, files.state]) rmSync(folder, { recursive: true, force: true });
  const { code, output, errors } = await rehearse(tree, environment, state);
  const summary = parsed(output);
  // 0: planned. 1: the gate or the program stopped it, and the summary tells what and why.
  if (summary === undefined) {
    throw new RehearsalFailed(errors.trim().split("\n").slice(-12).join("\n") || `it ended with exit code ${code}`);
  }
  const resources = layers.flatMap((layer): [string, PlannedResource][] => {
    const log = join(files.logs, `${stackName(environment, layer)}-preview.events.jsonl`);
    return existsSync(log) ? [...plannedResources(readFileSync(log, "utf8"))] : [];
  });
  return {
    against: "rehearsed",
    outcome: summary.outcome === "planned" ? "planned" : "stopped",
    resources: new Map(resources),
    ledgers: latestLedgers(readLedgers(join(files.directory, "verdicts"))),
    stacks: summary.stacks,
    standIns: summary.standIns,
    engineVersion: summary.engine.version,
    seconds: summary.seconds,
  };
}

function rehearse(tree: string, environment: string, state: string) {
  const command = join(tree, "rehearsal/setup/bootstrap.mjs");
  const args = [command, "cloister", "rehearse", environment, "--preview", "--json", "--state", state];
  return new Promise<{ code: number; output: string; errors: string }>((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: tree, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors.push(chunk);
      // Long work shows what it does.
      process.stderr.write(chunk);
    });
    child.on("error", fail);
    child.on("close", (code) =>
      done({ code: code ?? 1, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }),
    );
  });
}

function parsed(output: string): RehearsalSummary | undefined {
  try {
    const value = JSON.parse(output) as RehearsalSummary & { readonly error?: unknown };
    return value.error === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}
