import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { tools } from "./tools";

const repository = resolve(__dirname, "../..");

/** A step the engine took or would take, as its event log tells it. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The Pulumi name of the resource. */
  readonly name: string;
  /** Changed paths and what becomes of them, such as `{ "spec.replicas": { diffKind: "update", inputDiff: true } }`. */
  readonly detailedDiff?: Record<string, { diffKind: string; inputDiff: boolean }> | null;
  readonly old?: StepState;
  readonly new?: StepState;
}

export interface StepState {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly urn?: string;
}

/** One run of the engine. */
export interface EngineRun {
  readonly code: number | null;
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  /** All that the command printed, without colours. */
  readonly output: string;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: readonly string[];
}

export interface EngineWorkspaceOptions {
  /** TypeScript source. It may import whatever the repository has. */
  readonly program: string;
  readonly environment?: Record<string, string>;
  /** More keys for Pulumi.yaml, such as `{ config: { … } }`. */
  readonly project?: Record<string, unknown>;
}

interface EngineEvent {
  readonly diagnosticEvent?: Diagnostic;
  readonly resourcePreEvent?: { metadata: Omit<Step, "name"> };
}

/** Sees all of the output so far whenever there is more. */
type Watcher = (output: string, child: ChildProcess) => void;

const projectName = "workspace";
const stackName = "test";

/** A throw-away Pulumi project with its own home, file backend and passphrase, run by the real engine. */
export class EngineWorkspace {
  private constructor(
    readonly directory: string,
    private readonly engine: string,
    readonly environment: Record<string, string>,
  ) {}

  static async create({ program, environment = {}, project = {} }: EngineWorkspaceOptions): Promise<EngineWorkspace> {
    const { engine } = await tools("pulumi");
    const directory = await mkdtemp(join(tmpdir(), "cloister-engine-"));
    await mkdir(join(directory, "state"));
    await mkdir(join(directory, "home"));
    await symlink(join(repository, "node_modules"), join(directory, "node_modules"));
    // As the kit's own program is loaded.
    const loader = join(repository, "load-typescript.cjs");
    const runtime = { name: "nodejs", options: { typescript: false, nodeargs: `--require ${loader}` } };
    await writeFile(join(directory, "Pulumi.yaml"), JSON.stringify({ name: projectName, runtime, ...project }));
    await writeFile(
      join(directory, "package.json"),
      JSON.stringify({ name: projectName, version: "0.0.0", main: "index.ts" }),
    );
    const workspace = new EngineWorkspace(directory, engine.path, {
      PATH: [engine.languageHost.directory, dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: join(directory, "home"),
      PULUMI_HOME: join(directory, "home"),
      PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "not a secret",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // The engine writes its event log only with its debugging flags on.
      PULUMI_DEBUG_COMMANDS: "true",
      ...environment,
    });
    await workspace.write(program);
    const made = await workspace.command(["stack", "init", stackName]);
    if (made.code !== 0) throw new Error(made.output);
    return workspace;
  }

  get pulumiHome(): string {
    return join(this.directory, "home");
  }

  /** Replaces the program. */
  async write(program: string): Promise<void> {
    await writeFile(join(this.directory, "index.ts"), program);
  }

  up(...flags: string[]): Promise<EngineRun> {
    return this.run(["up", "--yes", "--skip-preview", ...flags]);
  }

  preview(...flags: string[]): Promise<EngineRun> {
    return this.run(["preview", ...flags]);
  }

  refresh(...flags: string[]): Promise<EngineRun> {
    return this.run(["refresh", "--yes", "--skip-preview", ...flags]);
  }

  destroy(...flags: string[]): Promise<EngineRun> {
    return this.run(["destroy", "--yes", "--skip-preview", ...flags]);
  }

  /** The resources in state; secrets stay encrypted. */
  async export(): Promise<StateResource[]> {
    const { output } = await this.command(["stack", "export"]);
    const state = JSON.parse(output) as { deployment: { resources?: StateResource[] } };
    return state.deployment.resources ?? [];
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.command(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** Sets one of the project's configuration values. */
  async configure(key: string, value: string, { secret = false } = {}): Promise<void> {
    const made = await this.command([
      "config",
      "set",
      key,
      value,
      ...(secret ? ["--secret"] : []),
      "--stack",
      stackName,
    ]);
    if (made.code !== 0) throw new Error(made.output);
  }

  /** Runs a command and interrupts it as a person would, once its output has a number that the pattern captures. */
  async interrupt(args: readonly string[], pattern: RegExp): Promise<{ run: EngineRun; pid: number }> {
    let pid = 0;
    const run = await this.run(args, (output, child) => {
      const found = pid === 0 ? pattern.exec(output)?.[1] : undefined;
      if (!found) return;
      pid = Number(found);
      child.kill("SIGINT");
    });
    return { run, pid };
  }

  /** Deletes the directory, whatever is still in state. */
  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private async run(args: readonly string[], watch?: Watcher): Promise<EngineRun> {
    const log = join(this.directory, `events-${Date.now()}.json`);
    const flags = [
      "--non-interactive",
      "--color",
      "never",
      "--suppress-progress",
      "--event-log",
      log,
      "--stack",
      stackName,
    ];
    const { code, output } = await this.command([...args, ...flags], watch);
    const text = await readFile(log, "utf8").catch(() => "");
    const events = text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EngineEvent);
    return {
      code,
      output,
      steps: events
        .flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []))
        .map((step) => ({ ...step, name: step.urn.split("::").at(-1) ?? "" })),
      diagnostics: events.flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : [])),
    };
  }

  private command(args: readonly string[], watch?: Watcher): Promise<{ code: number | null; output: string }> {
    return new Promise((done, fail) => {
      const child = spawn(this.engine, args, {
        cwd: this.directory,
        env: this.environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        watch?.(Buffer.concat(chunks).toString("utf8"), child);
      });
      // `stack export` and `stack output` answer on standard output alone.
      if (args[0] !== "stack") child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.on("error", fail);
      child.on("close", (code) => done({ code, output: Buffer.concat(chunks).toString("utf8") }));
    });
  }
}
