import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { latestLedgers, readLedgers } from "../../policies/evidence/ledger";
import { verdictsOf } from "../../policies/evidence/summary";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { layers, stackName, type Environment, type Layer } from "../../stacks/environment";
import { startCluster } from "./cluster";
import { composeSummary } from "./compose-summary";
import { Engine, type EngineResult, type StackRun } from "../engine/engine";
import { prepareGate, type PreparedGate } from "../gate";
import { mendState } from "./mend-state";
import { judgeDeployed, type StackJudgement } from "../judge-deployed";
import { rehearsalSigningKey } from "../evidence/signing-key";
import { evidencePaths } from "../evidence/write-evidence-set";
import { answerUngated, signJudgements, type Answer } from "../up/verdict/answer-ungated";
import { VerdictKeeper } from "../up/verdict/verdict-keeper";
import { readyStacks } from "./ready-stacks";
import { RehearsedVerdicts } from "./rehearsed-verdicts";
import { endKilledEngines, noteEngine } from "./engine-processes";
import { writeEvidence } from "./evidence";
import type { RehearsalFiles } from "./rehearsal-files";
import { inputsFingerprint, stateFingerprint, type Release } from "./released";
import { lockedBuckets } from "./locks";
import { proveLock, type LockProof } from "./prove-lock";
import { openSite, type RehearsalSite } from "./site";
import {
  changedResources,
  fidelityOf,
  stackSummary,
  stoppedInPreview,
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
  private cluster: Promise<ControlPlane> | undefined;
  private locks: readonly LockProof[] = [];
  private readonly verdicts: VerdictKeeper;

  private constructor(
    private readonly args: RehearsalArgs,
    public readonly site: RehearsalSite,
    private readonly engine: Engine,
    private readonly gate: PreparedGate,
  ) {
    const { publicKey, privateKey } = rehearsalSigningKey(args.files.directory);
    this.verdicts = new VerdictKeeper(new RehearsedVerdicts(args.files), publicKey, privateKey);
  }

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
    await progress.step("readying the stacks", () => readyStacks({ ...args, engine }));
    // A rehearsal's secrets open nothing, so what its gate was shown may be kept, to be judged again.
    const gate = {
      ...prepareGate(environment, files.directory, args.environmentFolder),
      planDirectory: files.plans,
    };
    const rehearsal = new Rehearsal(args, site, engine, gate);
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

  /**
   * Runs both layers, judges what is deployed, and writes the evidence.
   *
   * @param judge what stands and was changed without the gate is judged first; without it, the run stops at it.
   */
  public async run(judge = false): Promise<RehearsalSummary> {
    const { verb, files, progress } = this.args;
    const inputs = this.inputs();
    const { answer } = await this.answerUngated(verb, judge);
    if (answer !== "clear") return this.conclude(answer);
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
      return verb === "up" ? this.update(run) : this.engine.preview(run);
    });
    this.take(layer, verb, result);
    return result;
  }

  /** An update between two verdicts: that it begins, and what stands after it. */
  private async update(run: StackRun): Promise<EngineResult> {
    const message = await this.verdicts.begin(run.stack);
    const result = await this.engine.up({ ...run, message });
    await this.verdicts.updated(run.stack, result.code === 0);
    return result;
  }

  /** Reads what is really there into state, and says what differed. */
  public async refresh(layer: Layer): Promise<EngineResult> {
    if (layer === "platform") await this.controlPlane();
    const result = await this.engine.refresh(this.runOf(layer));
    await this.verdicts.updated(this.stackOf(layer), result.code === 0);
    return result;
  }

  private async answerUngated(verb: "up" | "preview", judge: boolean): Promise<Answer> {
    if (verb === "preview") return { answer: "clear", changes: [] };
    const { environment, files, progress } = this.args;
    return answerUngated({
      keeper: this.verdicts,
      stacks: this.stackNames,
      judge,
      judgeStacks: (stacks) => progress.step("judging what stands", () => this.judge(stacks)),
      directory: files.directory,
      mend: `npm run rehearse -- ${environment.name} --judge`,
      tell: (text) => progress.note(text),
    });
  }

  /** Takes down both stacks, the platform first. Locked buckets are retained: nobody may delete what they hold. */
  public async destroy(): Promise<EngineResult[]> {
    const results: EngineResult[] = [];
    await this.controlPlane();
    for (const layer of [...layers].reverse()) {
      const stack = this.stackOf(layer);
      await this.engine.unprotect(stack);
      results.push(await this.args.progress.step(`destroying ${stack}`, () => this.engine.destroy(this.runOf(layer))));
      await this.verdicts.updated(stack, results.at(-1)?.code === 0);
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

  private judge(stacks: readonly string[]): Promise<StackJudgement[]> {
    const { files, toolbox } = this.args;
    const engineOf = { engine: toolbox.engine.path, variables: this.site.environment, projectDirectory: files.project };
    return judgeDeployed({ stacks, gate: this.gate, ...engineOf });
  }

  private async released(): Promise<boolean> {
    const { progress } = this.args;
    const judgements = await progress.step("judging what is deployed", () => this.judge(this.stackNames));
    return signJudgements(this.verdicts, judgements, (text) => progress.note(text));
  }

  private async conclude(outcome: Outcome): Promise<RehearsalSummary> {
    const { environment, files, toolbox } = this.args;
    const { steps, stacks, locks } = this;
    const ledgers = latestLedgers(readLedgers(join(files.directory, "verdicts")));
    const fidelity = fidelityOf(files.fidelityLog);
    const controlPlane = await this.cluster;
    const outputs = await this.engine.outputs(this.stackOf("platform"));
    const summary = composeSummary({
      ...{ name: environment.name, outcome, toolbox, plugins: this.site.plugins, controlPlane },
      ...{ ledgers, steps, stacks, locks, fidelity, outputs },
      evidence: evidencePaths(files.evidence),
      seconds: (performance.now() - this.begun) / 1000,
    });
    writeEvidence({ environment, files, summary, ledgers, controlPlane, steps, fidelity });
    files.writeJson(files.summary, summary);
    return summary;
  }
}
