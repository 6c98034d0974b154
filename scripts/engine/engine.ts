import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../components/kit-error";
import { progressOf, report, type EngineReport } from "./engine-events";
import { PrivateEventLog } from "./private-event-log";

export interface EngineOptions {
  /** Absolute path of the `pulumi` command. */
  readonly command: string;
  /** The whole environment of the engine and all that it starts. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where Pulumi.yaml is. */
  readonly projectDirectory: string;
  /** Where logs of runs are kept. */
  readonly logDirectory: string;
  /** Told of each process of the engine when it begins and ends, so that a later run can end what a killed one left. */
  readonly onProcess?: (pid: number, running: boolean) => void;
}

/** The policy pack, without which no stack is touched. */
export interface Gate {
  readonly packDirectory: string;
  /** JSON file of the pack's settings. */
  readonly configuration: string;
  /** Where the pack writes its verdict ledgers. */
  readonly verdictsDirectory: string;
  /** Where the pack keeps what it was shown; left out, it keeps nothing. For rehearsals alone. */
  readonly planDirectory?: string;
}

export interface StackRun {
  readonly stack: string;
  readonly gate: Gate;
  /** A preview of the same run was judged already: an `up` need not repeat it. */
  readonly previewed?: boolean;
  /** Reads what is really there first, so that drift shows as a change. Default: what the state says is believed. */
  readonly refresh?: boolean;
  /** What the history of the backend is to say of an update. */
  readonly message?: string;
  readonly onProgress?: (text: string) => void;
}

export interface EngineResult extends EngineReport {
  readonly code: number;
  /** All that the engine printed, without colours. */
  readonly output: string;
  readonly seconds: number;
}

type Verb = "preview" | "up" | "destroy" | "refresh";

const phases = { preview: "preview", up: "update", destroy: "update", refresh: "update" } as const;

/** Drives the real engine; every preview and update runs with the policy pack. */
export class Engine {
  public constructor(private readonly options: EngineOptions) {}

  public preview(run: StackRun): Promise<EngineResult> {
    return this.drive("preview", run, ["--diff", ...this.gated(run)]);
  }

  public up(run: StackRun): Promise<EngineResult> {
    const again = run.previewed === true ? ["--skip-preview"] : [];
    const said = run.message === undefined ? [] : ["--message", run.message];
    return this.drive("up", run, ["--yes", ...again, ...said, ...this.gated(run)]);
  }

  /** Reads what is really there into state; it changes nothing outside, so no policy has a say. */
  public refresh(run: StackRun): Promise<EngineResult> {
    return this.drive("refresh", run, ["--yes", "--skip-preview"]);
  }

  public destroy(run: StackRun): Promise<EngineResult> {
    return this.drive("destroy", run, ["--yes", "--skip-preview"]);
  }

  /** Makes the stack where it is not there. */
  public async ensureStack(stack: string): Promise<void> {
    const { code, output } = await this.run(["stack", "select", "--create", stack]);
    if (code !== 0) throw new Error(`the stack ${stack} could not be made:\n${output}`);
  }

  /**
   * Sees that an operator's stack is there; where its state and secrets live is theirs to choose, so it is not made here.
   *
   * @throws KitError where it is not.
   */
  public async requireStack(stack: string): Promise<void> {
    const { code, output } = await this.run(["stack", "select", stack]);
    if (code === 0) return;
    throw new KitError("There is no such stack", [
      {
        path: stack,
        found: output.trim().split("\n").at(-1) ?? "no stack",
        allowed: "a stack in the backend you are logged in to",
        mend: `log in to the state backend (\`pulumi login\`), then \`pulumi stack init ${stack} --secrets-provider <your key>\``,
      },
    ]);
  }

  /** Sets one secret of a stack, handed over on standard input: command lines can be read by others. */
  public async setSecret(stack: string, key: string, value: string): Promise<void> {
    const { code, output } = await this.run(["config", "set", "--secret", "--stack", stack, key], value);
    if (code !== 0) throw new Error(`the secret ${key} of ${stack} could not be set:\n${output}`);
  }

  /** Plain outputs of the stack; secrets stay hidden. */
  public async outputs(stack: string): Promise<Record<string, unknown>> {
    const { code, output } = await this.run(["stack", "output", "--json", "--stack", stack]);
    return code === 0 ? (JSON.parse(output) as Record<string, unknown>) : {};
  }

  /** Outputs of the stack with its secrets in clear: keep them in memory. */
  public async secretOutputs(stack: string): Promise<Record<string, unknown>> {
    const { code, output } = await this.run(["stack", "output", "--json", "--show-secrets", "--stack", stack]);
    if (code !== 0) throw new Error(`the outputs of ${stack} could not be read:\n${output}`);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** What the engine answers to a question; undefined where it refuses one, such as about a stack that is not there. */
  public async ask(args: readonly string[]): Promise<string | undefined> {
    const { code, output } = await this.run([...args, "--non-interactive"]);
    return code === 0 ? output : undefined;
  }

  /** The state of the stack as JSON; its secrets stay encrypted. */
  public async exportedState(stack: string): Promise<string> {
    const { code, output } = await this.run(["stack", "export", "--stack", stack]);
    if (code !== 0) throw new Error(`the state of ${stack} could not be read:\n${output}`);
    return output;
  }

  /** Takes protection off all resources, for a rehearsal that is to be destroyed. */
  public async unprotect(stack: string): Promise<void> {
    await this.run(["state", "unprotect", "--all", "--yes", "--stack", stack]);
  }

  /** Removes the lock that a killed engine left on a stack. */
  public async unlock(stack: string): Promise<void> {
    await this.run(["cancel", "--yes", "--stack", stack]);
  }

  private gated({ gate, refresh }: StackRun): string[] {
    const flags = ["--policy-pack", gate.packDirectory, "--policy-pack-config", gate.configuration];
    return refresh === true ? ["--refresh", ...flags] : flags;
  }

  private async drive(verb: Verb, run: StackRun, flags: string[]): Promise<EngineResult> {
    mkdirSync(this.options.logDirectory, { recursive: true });
    const log = new PrivateEventLog();
    const timer = run.onProgress && setInterval(() => tellProgress(verb, run, log), 500);
    const begun = performance.now();
    const common = ["--non-interactive", "--color", "never", "--suppress-progress", "--event-log", log.path];
    try {
      const ended = await this.run([verb, "--stack", run.stack, ...common, ...flags], undefined, {
        CLOISTER_VERDICTS_DIR: run.gate.verdictsDirectory,
        ...(run.gate.planDirectory === undefined ? {} : { CLOISTER_PLAN_DIR: run.gate.planDirectory }),
        CLOISTER_VERDICTS_PHASE: phases[verb],
      });
      const events = log.keep(join(this.options.logDirectory, `${run.stack}-${verb}.events.jsonl`));
      return { ...ended, seconds: (performance.now() - begun) / 1000, ...report(events) };
    } finally {
      clearInterval(timer);
      log.remove();
    }
  }

  private run(args: readonly string[], input?: string, more: NodeJS.ProcessEnv = {}) {
    const { command, environment, projectDirectory, onProcess } = this.options;
    return new Promise<{ code: number; output: string }>((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: projectDirectory,
        // The engine writes its event log only with its debugging flags on.
        env: { ...environment, PULUMI_DEBUG_COMMANDS: "true", ...more },
        stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      });
      if (child.pid !== undefined) onProcess?.(child.pid, true);
      child.stdin?.end(input);
      const chunks: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
      child.on("error", reject);
      child.on("close", (code) => {
        if (child.pid !== undefined) onProcess?.(child.pid, false);
        const text = Buffer.concat(code === 0 ? chunks : [...chunks, ...errors]).toString("utf8");
        resolve({ code: code ?? 1, output: text });
      });
    });
  }
}

function tellProgress(verb: Verb, run: StackRun, log: PrivateEventLog): void {
  const { phase, done } = progressOf(log.read());
  if (done > 0) run.onProgress?.(`${verb === "up" ? `${phase}: ` : ""}${done} resources`);
}
