import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { KitError } from "../../components/kit-error";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { requireWritableFolder } from "../writable-folder";

export const projectDirectory = resolve(__dirname, "../..");

/** Where one environment's rehearsal keeps its files; nothing of it lies anywhere else but the cache of tools. */
export class RehearsalFiles {
  public readonly directory: string;

  public constructor(environment: string, root: string = join(projectDirectory, ".cloister", "rehearsals")) {
    this.directory = join(root, environment);
  }

  /**
   * Sees that the folder is a rehearsal's, or free to become one: what `--fresh` deletes must never be anything else.
   *
   * @throws KitError where it holds files that no rehearsal laid there, or cannot be written to.
   */
  public requireOwn(): void {
    requireWritableFolder({ path: this.directory, option: "--state" });
    if (!existsSync(this.directory) || readdirSync(this.directory).length === 0) return;
    const own = [this.marker, this.passphrase].some((path) => existsSync(path));
    if (own) return;
    throw new KitError("The folder is not a rehearsal's", [
      {
        path: this.directory,
        found: "files that no rehearsal laid there",
        allowed: "a folder that is not there, is empty, or holds an earlier rehearsal",
        mend: "name another folder with --state, or remove it yourself",
      },
    ]);
  }

  /** Marks the folder as a rehearsal's, before anything else is laid in it. */
  public claim(): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    writeFileSync(this.marker, "This folder is a rehearsal's: its files may be deleted by it.\n");
  }

  private get marker(): string {
    return join(this.directory, ".cloister-rehearsal");
  }

  /** Makes the folders; a second call changes nothing. */
  public prepare(): void {
    for (const folder of [this.home, this.pulumiHome, this.state, this.logs, this.project]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    if (!existsSync(this.passphrase)) writePrivateFile(this.passphrase, randomBytes(24).toString("base64url"));
    writeFileSync(join(this.project, "Pulumi.yaml"), stringify(this.projectFile()));
  }

  public get home(): string {
    return join(this.directory, "home");
  }

  public get pulumiHome(): string {
    return join(this.directory, "pulumi-home");
  }

  /** The engine's project folder: the same program and project, with stack settings of the rehearsal's own. */
  public get project(): string {
    return join(this.directory, "project");
  }

  public get state(): string {
    return join(this.directory, "state");
  }

  public get logs(): string {
    return join(this.directory, "logs");
  }

  public get passphrase(): string {
    return join(this.directory, "passphrase");
  }

  public get kubeconfig(): string {
    return join(this.directory, "kubeconfig");
  }

  /** What the control plane keeps of its own. */
  public get controlPlane(): string {
    return join(this.directory, "control-plane");
  }

  public get imageLock(): string {
    return join(this.directory, "images.lock.json");
  }

  public get authorities(): string {
    return join(this.directory, "authorities.json");
  }

  /** What the gate was shown of each stack in the last run. */
  public get plans(): string {
    return join(this.directory, "plans");
  }

  public get fidelityLog(): string {
    return join(this.logs, "fidelity.jsonl");
  }

  public get evidence(): string {
    return join(this.directory, "evidence");
  }

  public get summary(): string {
    return join(this.directory, "summary.json");
  }

  /** The engines at work: processes by their numbers. */
  public get engineProcesses(): string {
    return join(this.directory, "engine-processes.json");
  }

  /** What the last release followed from. */
  public get released(): string {
    return join(this.directory, "released.json");
  }

  /** What the gate last said of each stack, signed. */
  public get stackVerdicts(): string {
    return join(this.directory, "stack-verdicts.json");
  }

  /** State file of a stack, as the engine's file backend lays it out. */
  public stackState(stack: string): string {
    return join(this.state, ".pulumi", "stacks", "cloister", `${stack}.json`);
  }

  /** Whether a killed engine left its lock on a stack, as the engine's file backend lays it. */
  public isLocked(stack: string): boolean {
    const locks = join(this.state, ".pulumi", "locks", "organization", "cloister", stack);
    return existsSync(locks) && readdirSync(locks).length > 0;
  }

  /** Settings file of a stack: one of its own, so that the person's are not written to. */
  public stackSettings(stack: string): string {
    return join(this.project, `Pulumi.${stack}.yaml`);
  }

  private projectFile(): object {
    const own = parse(readFileSync(join(projectDirectory, "Pulumi.yaml"), "utf8")) as object;
    return { ...own, main: `${relative(this.project, projectDirectory)}/`, stackConfigDir: "." };
  }

  public readJson<T>(path: string): T | undefined {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
  }

  public writeJson(path: string, value: unknown): void {
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  }
}
