import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Supervisor } from "../../rehearsal/processes/supervisor";
import { SILENT_PROGRESS } from "../../rehearsal/setup/progress";
import { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { RehearsalFiles } from "../../scripts/rehearse/rehearsal-files";
import { readEnvironment, stacksFolder } from "../../stacks/environment";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { tools } from "../rehearsal/tools";

const run = promisify(execFile);

/** Everything a rehearsal starts. */
export const rehearsalTools = (): Promise<Toolbox> =>
  tools("pulumi", "kubernetes", "etcd", "kwok", "registry", "crane", "versitygw", "moto");

/** One example environment, copied to a folder of the test's own so that it can be changed, and rehearsed there. */
export class RehearsedExample {
  private supervisor: Supervisor | undefined;
  public readonly root = realpathSync(mkdtempSync(join(tmpdir(), "cloister-e2e-")));
  public readonly files: RehearsalFiles;

  public constructor(
    public readonly toolbox: Toolbox,
    example: string,
    /** Its name, where it is to be another environment than the example. */
    public readonly name: string = example,
  ) {
    mkdirSync(this.folder);
    cpSync(join(stacksFolder, `${example}.yaml`), this.file);
    this.files = new RehearsalFiles(name, join(this.root, "rehearsals"));
  }

  public get folder(): string {
    return join(this.root, "stacks");
  }

  public get file(): string {
    return join(this.folder, `${this.name}.yaml`);
  }

  /** Changes the environment file; the text to be replaced must be there. */
  public edit(from: string, to: string): void {
    const text = readFileSync(this.file, "utf8");
    if (!text.includes(from)) throw new Error(`${this.file} does not hold ${from}`);
    writeFileSync(this.file, text.replace(from, to));
  }

  /** Opens a rehearsal of the file as it is now; the one before ends. */
  public async open(verb: "up" | "preview"): Promise<Rehearsal> {
    await this.supervisor?.stop();
    this.supervisor = await Supervisor.start(this.files.directory);
    return Rehearsal.open({
      environment: readEnvironment(this.name, this.folder),
      environmentFolder: this.folder,
      files: this.files,
      toolbox: this.toolbox,
      supervisor: this.supervisor,
      progress: SILENT_PROGRESS,
      verb,
    });
  }

  public async kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run(this.toolbox.path("kubectl"), ["--kubeconfig", this.files.kubeconfig, ...args]);
    return stdout;
  }

  public async close(): Promise<void> {
    await this.supervisor?.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The steps that would change something, as `update platform-serving-servers-qwen3-8b-deployment`, in order of name. */
export function changesOf(steps: readonly { op: string; urn: string; type: string }[]): string[] {
  return steps
    .filter(({ op, type }) => op !== "same" && op !== "refresh" && !type.startsWith("pulumi:pulumi"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? urn}`)
    .sort();
}
