import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { standingZones } from "../../components/zones";
import { analyzeDeployed } from "../../policies/analyze";
import { latestLedgers, readLedgers, type VerdictLedger } from "../../policies/evidence/ledger";
import { summarise } from "../../policies/evidence/summary";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { end, identify, type ProcessIdentity } from "../../rehearsal/processes/process-identity";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { layers, stacksFolder, type Environment, type Layer } from "../../stacks/environment";
import { Engine, type EngineResult, type StackRun } from "../engine/engine";
import { packSettings, prepareGate } from "../gate";
import { writeEvidence } from "./evidence";
import type { RehearsalFiles } from "./rehearsal-files";
import { openSite, rehearsedAuthorities, type RehearsalSite } from "./site";
import {
  changedResources,
  fidelityOf,
  stackSummary,
  type Outcome,
  type RehearsalSummary,
  type StackSummary,
} from "./summary";

export interface RehearsalArgs {
  readonly environment: Environment;
  /** Folder the environment file was read from. */
  readonly environmentFolder?: string;
  readonly files: RehearsalFiles;
  readonly toolbox: Toolbox;
  readonly supervisor: Supervisor;
  readonly progress: Progress;
  readonly verb: "up" | "preview";
}

/** One environment on this machine: the site, then both stacks through the gate, then the judgement of what stands. */
export class Rehearsal {
  private readonly begun = performance.now();
  private readonly stacks: StackSummary[] = [];
  private readonly steps: EngineResult["steps"][number][] = [];

  private constructor(
    private readonly args: RehearsalArgs,
    public readonly site: RehearsalSite,
    private readonly engine: Engine,
  ) {}

  /** Brings the site up and readies both stacks; what a killed run left is mended first. */
  public static async open(args: RehearsalArgs): Promise<Rehearsal> {
    const { environment, files, toolbox, progress } = args;
    files.prepare();
    await endKilledEngine(files);
    // What earlier runs found or used says nothing about this one.
    for (const path of [files.fidelityLog, join(files.directory, "verdicts")])
      rmSync(path, { recursive: true, force: true });
    const site = await openSite(args);
    const engine = new Engine({
      command: toolbox.engine.path,
      environment: site.environment,
      projectDirectory: files.project,
      logDirectory: files.logs,
      onProcess: (pid) => noteEngine(files, pid),
    });
    const rehearsal = new Rehearsal(args, site, engine);
    await progress.step("readying the stacks", () => rehearsal.readyStacks());
    progress.note(`Rehearsing ${environment.name} with Pulumi ${toolbox.engine.version}.`);
    return rehearsal;
  }

  /** Runs both layers, judges what is deployed, and writes the evidence. */
  public async run(): Promise<RehearsalSummary> {
    for (const layer of layers) {
      const result = await this.runLayer(layer, this.args.verb);
      if (result.code !== 0) return this.conclude("stopped");
    }
    if (this.args.verb === "preview") return this.conclude("planned");
    return this.conclude((await this.released()) ? "released" : "not-released");
  }

  public async runLayer(layer: Layer, verb: "up" | "preview"): Promise<EngineResult> {
    const stack = this.stackOf(layer);
    const title = `${verb === "up" ? "bringing up" : "previewing"} ${stack}`;
    const result = await this.args.progress.step(title, (detail) => {
      const run = { ...this.runOf(layer), onProgress: detail };
      return verb === "up" ? this.engine.up(run) : this.engine.preview(run);
    });
    this.stacks.push(stackSummary(stack, verb, result));
    this.steps.push(...result.steps);
    return result;
  }

  /** Reads what is really there into state, and says what differed. */
  public refresh(layer: Layer): Promise<EngineResult> {
    return this.engine.refresh(this.runOf(layer));
  }

  /** Takes down both stacks, the platform first. Locked buckets are retained: nobody may delete what they hold. */
  public async destroy(): Promise<EngineResult[]> {
    const results: EngineResult[] = [];
    for (const layer of [...layers].reverse()) {
      const stack = this.stackOf(layer);
      await this.engine.unprotect(stack);
      results.push(await this.args.progress.step(`destroying ${stack}`, () => this.engine.destroy(this.runOf(layer))));
    }
    return results;
  }

  private stackOf(layer: Layer): string {
    return `${this.args.environment.name}-${layer}`;
  }

  private runOf(layer: Layer): StackRun {
    const { environment, files } = this.args;
    return { stack: this.stackOf(layer), gate: prepareGate(environment, files.directory) };
  }

  private async readyStacks(): Promise<void> {
    const { environment, environmentFolder, files } = this.args;
    const before = files.readJson<unknown>(files.authorities);
    const authorities = await rehearsedAuthorities(environment, files);
    const renewed = JSON.stringify(before) !== JSON.stringify(authorities);
    for (const layer of layers) {
      const stack = this.stackOf(layer);
      const config = {
        "cloister:environment": environment.name,
        "cloister:rehearsal": files.directory,
        "cloister:environmentFolder": environmentFolder ?? stacksFolder,
      };
      // The engine adds the salt of its encryption to the file, and the secrets: what is there stays.
      const settings = files.stackSettings(stack);
      if (!existsSync(settings)) writePrivateFile(settings, stringify({ config }));
      await this.engine.ensureStack(stack);
      await this.engine.unlock(stack);
    }
    // Encrypting the same keys again would only change the file.
    const kept = readFileSync(files.stackSettings(this.stackOf("foundation")), "utf8").includes("cloister:pki");
    if (renewed || !kept) {
      await this.engine.setSecret(this.stackOf("foundation"), "cloister:pki", JSON.stringify(authorities));
    }
  }

  private async released(): Promise<boolean> {
    const { environment, files, progress, toolbox } = this.args;
    const gate = prepareGate(environment, files.directory);
    return progress.step("judging what is deployed", async () => {
      const analyses = [];
      for (const layer of layers) {
        analyses.push(
          await analyzeDeployed({
            engine: toolbox.engine.path,
            environment: this.site.environment as Record<string, string>,
            projectDirectory: files.project,
            stack: this.stackOf(layer),
            packDirectory: gate.packDirectory,
            settings: packSettings(environment),
            verdictsDirectory: gate.verdictsDirectory,
          }),
        );
      }
      return analyses.every((analysis) => analysis.exit === "released");
    });
  }

  private async conclude(outcome: Outcome): Promise<RehearsalSummary> {
    const { environment, files, toolbox } = this.args;
    const { version, origin, languageHost } = toolbox.engine;
    const ledgers = latestLedgers(readLedgers(join(files.directory, "verdicts")));
    const zones = this.zoneCounts();
    const summary: RehearsalSummary = {
      stack: environment.name,
      outcome,
      engine: { version, origin, languageHost: languageHost.origin === "own" ? "the rehearsal's own" : "official" },
      plugins: this.site.plugins,
      resources: Object.values(zones).reduce((sum, count) => sum + count, 0),
      created: this.stacks.reduce((sum, { changes }) => sum + (changes.create ?? 0), 0),
      changed: this.stacks.reduce((sum, { changes }) => sum + changedResources(changes), 0),
      seconds: (performance.now() - this.begun) / 1000,
      policies: summarise(ledgers),
      population: populationOf(ledgers),
      stacks: this.stacks,
      zones,
      standIns: this.standIns(),
      outputs: await this.engine.outputs(this.stackOf("platform")),
      evidence: {
        html: join(files.evidence, "evidence.html"),
        sarif: join(files.evidence, "policies.sarif"),
        oscal: join(files.evidence, "assessment-results.json"),
      },
    };
    const fidelity = fidelityOf(files.fidelityLog);
    writeEvidence({ environment, files, summary, ledgers, site: this.site, steps: this.steps, fidelity });
    files.writeJson(files.summary, summary);
    return summary;
  }

  private zoneCounts(): Record<string, number> {
    const counts: Record<string, number> = Object.fromEntries(
      ["foundation", ...standingZones].map((zone) => [zone, 0]),
    );
    for (const step of this.steps) {
      // Components and providers are how the kit is ordered; what a provider makes is what stands.
      if (step.type.startsWith("pulumi:") || step.type.startsWith("cloister:") || step.op === "delete") continue;
      const zone = step.namespace ?? "foundation";
      counts[zone] = (counts[zone] ?? 0) + 1;
    }
    return counts;
  }

  private standIns(): string[] {
    const { plugins, controlPlane } = this.site;
    const standIns = plugins.filter((plugin) => plugin.origin === "stand-in").map((plugin) => plugin.name);
    const { real, computed } = fidelityOf(this.args.files.fidelityLog);
    return [
      ...(standIns.length === 0 ? [] : [`providers ${standIns.join(", ")}: the kit's own, not Pulumi's plugins`]),
      ...(computed.length === 0
        ? []
        : [
            `${computed.length} types only checked and computed (${computed.map(shortType).join(", ")}); ${real.length} went to real servers`,
          ]),
      ...controlPlane.standIns,
      "images and weights: placeholders of a few hundred bytes in a real registry, pinned by their real digests",
      ...(this.args.toolbox.engine.languageHost.origin === "own" ? ["the engine's language host for Node"] : []),
    ];
  }
}

const shortType = (token: string): string => token.split(":").at(-1) ?? token;

function populationOf(ledgers: readonly VerdictLedger[]): { resources: number; evaluated: number } {
  return {
    resources: ledgers.reduce((sum, { population }) => sum + population.resources, 0),
    evaluated: ledgers.reduce((sum, { population }) => sum + population.evaluated, 0),
  };
}

/** The engine's process is noted, so that a run after a killed one can end it by its own id. */
function noteEngine(files: RehearsalFiles, pid: number | undefined): void {
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity === undefined) rmSync(files.engineProcess, { force: true });
  else files.writeJson(files.engineProcess, identity);
}

async function endKilledEngine(files: RehearsalFiles): Promise<void> {
  const left = files.readJson<ProcessIdentity>(files.engineProcess);
  if (left !== undefined) await end(left, 10);
  rmSync(files.engineProcess, { force: true });
}
