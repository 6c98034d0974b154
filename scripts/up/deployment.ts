import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { latestLedgers, readLedgers } from "../../policies/evidence/ledger";
import { waiversOf } from "../../policies/waivers/judge-waivers";
import type { JudgedWaiver } from "../../policies/waivers/waiver";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { layers, stackName, type Environment } from "../../stacks/environment";
import type { Engine, EngineResult } from "../engine/engine";
import type { Step } from "../engine/engine-events";
import { operatorsEngine } from "../engine/operators-engine";
import { runsDirectory } from "../evidence/command";
import { writeDeployedEvidence, type DeployedEvidenceArgs } from "../evidence/deployed-evidence";
import { environmentSigningKey, publicKeyFile, readPublicKey, type SigningKey } from "../evidence/signing-key";
import type { EvidencePaths } from "../evidence/write-evidence-set";
import { prepareGate, type PreparedGate } from "../gate";
import { judgeDeployed } from "../judge-deployed";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { stackSummary, type Outcome, type StackSummary } from "../rehearse/summary";
import { stepsToCluster } from "./cluster-context";
import { answerUngated, signJudgements, ungatedUpdates } from "./verdict/answer-ungated";
import { BackendVerdicts } from "./verdict/backend-verdicts";
import { tellUngated, type UngatedChange } from "./verdict/ungated";
import { VerdictKeeper } from "./verdict/verdict-keeper";

/** What a run did, or would do. */
export interface Deployed {
  readonly outcome: Outcome;
  readonly stacks: readonly StackSummary[];
  readonly waivers: readonly JudgedWaiver[];
  /** What had been changed without the gate when it began. */
  readonly ungated: readonly UngatedChange[];
  /** Absent after a preview, which signs nothing: `cloister evidence` does. */
  readonly evidence?: EvidencePaths;
}

export interface RunOptions {
  /** Judge what stands where it was changed without the gate, instead of stopping at it. */
  readonly judge: boolean;
  /** Whether a person agrees to what was planned. Default: agreed. */
  readonly agreed?: (stack: string, planned: EngineResult) => Promise<boolean>;
}

/** Enough to verify what was signed; undefined where the environment has no key yet. */
function publicHalf(name: string): { readonly publicKey: KeyObject; readonly privateKey?: undefined } | undefined {
  const file = publicKeyFile(name);
  return existsSync(file) ? { publicKey: readPublicKey(file) } : undefined;
}

/** One real environment: its stacks are run through the gate, and what the gate said is signed and kept with them. */
export class Deployment {
  private readonly stacks: StackSummary[] = [];
  private readonly steps: Step[] = [];
  private ungated: readonly UngatedChange[] = [];

  private constructor(
    private readonly environment: Environment,
    private readonly engine: Engine,
    private readonly judging: { readonly engine: string; readonly variables: NodeJS.ProcessEnv },
    private readonly signing: Pick<DeployedEvidenceArgs, "engine" | "key">,
    private readonly gate: PreparedGate,
    private readonly verdicts: VerdictKeeper | undefined,
    private readonly progress: StreamProgress,
  ) {}

  /**
   * Readies the engine with the operator's own backend and credentials.
   *
   * @param preview nothing is signed then, so no key is needed.
   * @throws KitError where the environment's key is not to be had.
   */
  public static async open(environment: Environment, preview: boolean): Promise<Deployment> {
    const { name } = environment;
    const signingKey: SigningKey | undefined = preview ? undefined : await environmentSigningKey({ name });
    const key = signingKey ?? publicHalf(name);
    const progress = new StreamProgress();
    const { engine, toolbox, environment: variables } = await operatorsEngine(progress);
    const directory = runsDirectory(name);
    mkdirSync(directory, { recursive: true });
    const verdicts = key && new VerdictKeeper(new BackendVerdicts(engine, directory), key.publicKey, key.privateKey);
    const judging = { engine: toolbox.engine.path, variables };
    const signing = { engine: toolbox.engine, ...(signingKey ? { key: signingKey } : {}) };
    return new Deployment(
      environment,
      engine,
      judging,
      signing,
      prepareGate(environment, directory),
      verdicts,
      progress,
    );
  }

  /** Looks ahead at both stacks; what was changed without the gate is told, and stops nothing that changes nothing. */
  public async preview(): Promise<Deployed> {
    const keeper = this.verdicts;
    const checks = keeper === undefined ? [] : await Promise.all(this.stackNames.map((stack) => keeper.check(stack)));
    this.ungated = checks.flatMap(({ ungated }) => ungated ?? []);
    for (const change of this.ungated) this.progress.note(tellUngated(change));
    for (const stack of this.stackNames) {
      await this.engine.requireStack(stack);
      const planned = await this.look(stack);
      this.take(stack, "preview", planned);
      if (planned.code !== 0) return this.finish("stopped");
    }
    return this.finish("planned");
  }

  /** Brings both stacks up and judges what stands. */
  public async run({ judge, agreed }: RunOptions): Promise<Deployed> {
    const answer = await this.answerUngated(judge);
    if (answer !== "clear") return this.finish(answer);
    for (const layer of layers) {
      const stack = stackName(this.environment.name, layer);
      const steps = layer === "platform" ? stepsToCluster(this.environment, this.judging.variables) : undefined;
      if (steps !== undefined) {
        process.stderr.write(`${steps.join("\n")}\n`);
        return this.finish("stopped");
      }
      await this.engine.requireStack(stack);
      const planned = await this.look(stack);
      if (planned.code !== 0) {
        this.take(stack, "preview", planned);
        return this.finish("stopped");
      }
      if (agreed !== undefined && !(await agreed(stack, planned))) return this.finish("stopped");
      if (!(await this.update(stack))) return this.finish("stopped");
    }
    const judgements = await this.progress.step("judging what is deployed", () => this.judge(this.stackNames));
    const released = await signJudgements(this.keeper, judgements, (text) => this.progress.note(text));
    return this.finish(released ? "released" : "not-released");
  }

  private look(stack: string): Promise<EngineResult> {
    return this.progress.step(`previewing ${stack}`, (onProgress) =>
      this.engine.preview({ stack, gate: this.gate, onProgress }),
    );
  }

  /** An update between two verdicts: that it begins, and what stands after it. */
  private async update(stack: string): Promise<boolean> {
    const message = await this.keeper.begin(stack);
    const done = await this.progress.step(`bringing up ${stack}`, (onProgress) =>
      this.engine.up({ stack, gate: this.gate, previewed: true, message, onProgress }),
    );
    await this.keeper.updated(stack, done.code === 0);
    this.take(stack, "up", done);
    return done.code === 0;
  }

  private async answerUngated(judge: boolean) {
    const { name } = this.environment;
    const { answer, changes } = await answerUngated({
      keeper: this.keeper,
      stacks: this.stackNames,
      judge,
      judgeStacks: (stacks) => this.progress.step("judging what stands", () => this.judge(stacks)),
      directory: runsDirectory(name),
      mend: `npm run cloister -- up ${name} --judge`,
      tell: (text) => this.progress.note(text),
    });
    this.ungated = changes;
    return answer;
  }

  private judge(stacks: readonly string[]) {
    return judgeDeployed({ stacks, gate: this.gate, ...this.judging, projectDirectory });
  }

  private take(stack: string, verb: "preview" | "up", result: EngineResult): void {
    this.stacks.push(stackSummary(stack, verb, result));
    this.steps.push(...result.steps);
  }

  private finish(outcome: Outcome): Deployed {
    const ledgers = latestLedgers(readLedgers(this.gate.verdictsDirectory));
    const { environment, steps, signing, stacks } = this;
    const directory = runsDirectory(environment.name);
    const ungated = ungatedUpdates(directory);
    const evidence = writeDeployedEvidence({ environment, outcome, ledgers, steps, ungated, directory, ...signing });
    return { outcome, stacks, waivers: waiversOf(ledgers), ungated: this.ungated, ...(evidence ? { evidence } : {}) };
  }

  private get keeper(): VerdictKeeper {
    if (this.verdicts === undefined) throw new Error("there is no key to verify verdicts with");
    return this.verdicts;
  }

  private get stackNames(): string[] {
    return layers.map((layer) => stackName(this.environment.name, layer));
  }
}
