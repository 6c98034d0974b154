import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { latestLedgers, readLedgers } from "../../policies/evidence/ledger";
import { summarise, verdictsOf } from "../../policies/evidence/summary";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { layers, stackName, stacksFolder, type Environment, type Layer } from "../../stacks/environment";
import { startCluster } from "./cluster";
import { Engine, type EngineResult, type StackRun } from "../engine/engine";
import { prepareGate, type PreparedGate } from "../gate";
import { mendState } from "./mend-state";
import { judgeDeployed } from "../judge-deployed";
import { endKilledEngines, noteEngine } from "./engine-processes";
import { writeEvidence } from "./evidence";
import type { RehearsalFiles } from "./rehearsal-files";
import { inputsFingerprint, stateFingerprint, type Release } from "./released";
import { lockedBuckets } from "./locks";
import { proveLock, type LockProof } from "./prove-lock";
import { openSite, rehearsedAuthorities, type RehearsalSite } from "./site";
import {
  changedResources,
  fidelityOf,
  standInsOf,
  populationOf,
  stackSummary,
  stoppedInPreview,
  type Outcome,
  type RehearsalSummary,
  type StackSummary,
  zoneCounts,
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
  private cluster: Promise<ControlPlane> | undefined;
  private locks: readonly LockProof[] = [];

  private constructor(
    private readonly args: RehearsalArgs,
    public readonly site: RehearsalSite,
    private readonly engine: Engine,
    private readonly gate: PreparedGate,
  ) {}

  /** Brings the site up and readies both stacks; what a killed run left is mended first. */
  public static async open(args: RehearsalArgs): Promise<Rehearsal> {
    const { environment, files, toolbox, progress } = args;
    files.prepare();
    await endKilledEngines(files);
    for (const layer of layers) mendState(files.stackState(stackName(environment.name, layer)), environment.name);
    // What earlier runs found or used says nothing about this one.
    for (const path of [files.fidelityLog, join(files.directory, "verdicts")])
      rmSync(path, { recursive: true, force: true });
    const site = await openSite(args);
    const engine = new Engine({
      command: toolbox.engine.path,
      environment: site.environment,
      projectDirectory: files.project,
      logDirectory: files.logs,
      onProcess: (pid, running) => noteEngine(files, pid, running),
    });
    const rehearsal = new Rehearsal(
      args,
      site,
      engine,
      prepareGate(environment, files.directory, args.environmentFolder),
    );
    await progress.step("readying the stacks", () => rehearsal.readyStacks());
    progress.note(`Rehearsing ${environment.name} with Pulumi ${toolbox.engine.version}.`);
    return rehearsal;
  }

  /**
   * The control plane, started when it is first needed: machines boot from what the foundation made for them, so it comes
   * after the foundation. Where that is not up yet, a look ahead is served by one with keys of its own.
   */
  public controlPlane(): Promise<ControlPlane> {
    this.cluster ??= this.startCluster();
    return this.cluster;
  }

  private startCluster(): Promise<ControlPlane> {
    return this.args.progress.step("starting the control plane", async () =>
      startCluster(this.args, await this.machines()),
    );
  }

  /** What the foundation hands to the machines; undefined where it is not up, or makes none. Keep it in memory. */
  public async machines(): Promise<MachineSecrets | undefined> {
    const foundation = this.stackOf("foundation");
    if (!existsSync(this.args.files.stackState(foundation))) return undefined;
    return (await this.engine.secretOutputs(foundation)).machines as MachineSecrets | undefined;
  }

  /** Runs both layers, judges what is deployed, and writes the evidence. */
  public async run(): Promise<RehearsalSummary> {
    const { verb, files, progress } = this.args;
    const inputs = this.inputs();
    if (verb === "up" && (await this.stillReleased(inputs))) return this.conclude("released");
    for (const layer of layers) {
      const result = await this.runLayer(layer, verb, verb === "up");
      if (result.code !== 0) return this.conclude("stopped");
    }
    if (verb === "preview") return this.conclude("planned");
    const locked = lockedBuckets(this.args.environment);
    if (locked.length > 0) {
      this.locks = await progress.step("trying to break the locks", () =>
        Promise.all(locked.map(({ bucket, mode }) => proveLock(this.site.store, bucket, mode))),
      );
    }
    const released = (await this.released()) && this.locks.every(({ holds }) => holds);
    if (released) {
      const release: Release = { inputs, state: stateFingerprint(files, this.stackNames) };
      files.writeJson(files.released, release);
    }
    return this.conclude(released ? "released" : "not-released");
  }

  /**
   * Whether all is as it was at the last release: nothing that the program follows from changed, the site holds what the
   * state says, and the gate, which judges all of it again, finds nothing. Both stacks are looked at side by side: neither
   * can change what the other sees.
   */
  private async stillReleased(inputs: string): Promise<boolean> {
    const { files, progress } = this.args;
    const release = files.readJson<Release>(files.released);
    if (release?.inputs !== inputs || release.state !== stateFingerprint(files, this.stackNames)) return false;
    const preview = (layer: Layer) => this.engine.preview({ ...this.runOf(layer), refresh: true });
    const previews = await progress.step("checking that all is as it was released", () =>
      // The foundation stands without the control plane, which comes up meanwhile.
      Promise.all([preview("foundation"), this.controlPlane().then(() => preview("platform"))]),
    );
    const ledgers = latestLedgers(readLedgers(join(files.directory, "verdicts")));
    const unsettled = (["fail", "open"] as const).flatMap((state) => verdictsOf(ledgers, "critical", state));
    const same = previews.every(({ code, changes }) => code === 0 && changedResources(changes) === 0);
    const judged = ledgers.length === layers.length && ledgers.every(({ complete }) => complete);
    if (!same || !judged || unsettled.length > 0) return false;
    layers.forEach((layer, index) => this.take(layer, "up", previews[index]!));
    return true;
  }

  private take(layer: Layer, verb: "up" | "preview", result: EngineResult): void {
    this.stacks.push(stackSummary(this.stackOf(layer), verb, result));
    if (stoppedInPreview(verb, result)) return;
    // A resource that was read anew first comes twice: what was decided about it comes last.
    this.steps.push(...new Map(result.steps.map((step) => [step.urn, step])).values());
  }

  /** @param refresh whether what is really there is read first. */
  public async runLayer(layer: Layer, verb: "up" | "preview", refresh = false): Promise<EngineResult> {
    const stack = this.stackOf(layer);
    if (layer === "platform") await this.controlPlane();
    const title = `${verb === "up" ? "bringing up" : "previewing"} ${stack}`;
    const result = await this.args.progress.step(title, (detail) => {
      const run = { ...this.runOf(layer), refresh, onProgress: detail };
      return verb === "up" ? this.engine.up(run) : this.engine.preview(run);
    });
    this.take(layer, verb, result);
    return result;
  }

  /** Reads what is really there into state, and says what differed. */
  public async refresh(layer: Layer): Promise<EngineResult> {
    if (layer === "platform") await this.controlPlane();
    return this.engine.refresh(this.runOf(layer));
  }

  /** Takes down both stacks, the platform first. Locked buckets are retained: nobody may delete what they hold. */
  public async destroy(): Promise<EngineResult[]> {
    const results: EngineResult[] = [];
    await this.controlPlane();
    for (const layer of [...layers].reverse()) {
      const stack = this.stackOf(layer);
      await this.engine.unprotect(stack);
      results.push(await this.args.progress.step(`destroying ${stack}`, () => this.engine.destroy(this.runOf(layer))));
    }
    return results;
  }

  private inputs(): string {
    const { environment, files, toolbox } = this.args;
    return inputsFingerprint({ environment, files, toolbox, plugins: this.site.plugins, stacks: this.stackNames });
  }

  private get stackNames(): string[] {
    return layers.map((layer) => this.stackOf(layer));
  }

  private stackOf(layer: Layer): string {
    return stackName(this.args.environment.name, layer);
  }

  private runOf(layer: Layer): StackRun {
    return { stack: this.stackOf(layer), gate: this.gate };
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
      // Each question to the engine is a process: what its backend's files tell is not asked.
      if (!existsSync(files.stackState(stack))) await this.engine.ensureStack(stack);
      if (files.isLocked(stack)) await this.engine.unlock(stack);
    }
    // Encrypting the same keys again would only change the file.
    const kept = readFileSync(files.stackSettings(this.stackOf("foundation")), "utf8").includes("cloister:pki");
    if (renewed || !kept) {
      await this.engine.setSecret(this.stackOf("foundation"), "cloister:pki", JSON.stringify(authorities));
    }
  }

  private async released(): Promise<boolean> {
    const { files, progress, toolbox } = this.args;
    const judgements = await progress.step("judging what is deployed", () =>
      judgeDeployed({
        stacks: this.stackNames,
        engine: toolbox.engine.path,
        variables: this.site.environment,
        projectDirectory: files.project,
        gate: this.gate,
      }),
    );
    for (const { stack, reasons } of judgements) for (const reason of reasons) progress.note(`${stack}: ${reason}`);
    return judgements.every(({ released }) => released);
  }

  private async conclude(outcome: Outcome): Promise<RehearsalSummary> {
    const { environment, files, toolbox } = this.args;
    const { version, origin, languageHost } = toolbox.engine;
    const ledgers = latestLedgers(readLedgers(join(files.directory, "verdicts")));
    const zones = zoneCounts(this.steps);
    const fidelity = fidelityOf(files.fidelityLog);
    const controlPlane = await this.cluster;
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
      locks: this.locks,
      standIns: standInsOf(this.site.plugins, controlPlane, fidelity, toolbox),
      outputs: await this.engine.outputs(this.stackOf("platform")),
      evidence: {
        html: join(files.evidence, "evidence.html"),
        sarif: join(files.evidence, "policies.sarif"),
        oscal: join(files.evidence, "assessment-results.json"),
      },
    };
    writeEvidence({ environment, files, summary, ledgers, controlPlane, steps: this.steps, fidelity });
    files.writeJson(files.summary, summary);
    return summary;
  }
}
