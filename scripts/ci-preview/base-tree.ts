import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { KitError } from "../../components/kit-error";
import { projectDirectory } from "../rehearse/rehearsal-files";

/** The commit that a change is compared with: where its branch left the other one. */
export class BaseTree {
  private folder: string | undefined;

  private constructor(
    public readonly commit: string,
    /** Path of the project within its repository, with a slash at its end; empty where they are the same. */
    private readonly prefix: string,
  ) {}

  /**
   * @param reference a branch, a tag or a commit, such as `origin/main`.
   * @throws KitError where this is no git repository, or the reference or the common history is not there.
   */
  public static find(reference: string): BaseTree {
    const prefix = attempt(() => git(["rev-parse", "--show-prefix"]).trim());
    if (prefix === undefined) throw notFound("no git repository", "run it in a clone of your repository");
    const commit = attempt(() => git(["merge-base", "HEAD", reference]).trim());
    if (commit !== undefined) return new BaseTree(commit, prefix);
    throw notFound(
      reference,
      "fetch the branch and its history (`git fetch origin`; in a workflow, `fetch-depth: 0`), or name another with --base",
    );
  }

  /** A file of the project as it was; undefined where it was not there. */
  public text(path: string): string | undefined {
    return attempt(() => git(["show", `${this.commit}:${this.prefix}${path}`]));
  }

  /** Names of the environments as they were. */
  public environments(): string[] {
    return git(["ls-tree", "--name-only", `${this.commit}:${this.prefix}stacks`])
      .split("\n")
      .filter((file) => file.endsWith(".yaml") && !file.startsWith("Pulumi."))
      .map((file) => basename(file, ".yaml"));
  }

  /** Checks the commit out beside the project, once, and returns the path of the project in it. */
  public checkOut(): string {
    if (this.folder === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), "cloister-base-"));
      git(["worktree", "add", "--detach", "--force", join(this.folder, "tree"), this.commit]);
      this.shareDependencies();
    }
    return this.project;
  }

  public close(): void {
    if (this.folder === undefined) return;
    rmSync(this.folder, { recursive: true, force: true });
    attempt(() => git(["worktree", "prune"]));
    this.folder = undefined;
  }

  private get project(): string {
    return join(this.folder ?? "", "tree", this.prefix);
  }

  /** What is installed here serves there too, where both ask for the same; else the project installs its own. */
  private shareDependencies(): void {
    const lock = (folder: string) => readFileSync(join(folder, "package-lock.json"), "utf8");
    const installed = join(projectDirectory, "node_modules");
    const same = existsSync(join(this.project, "package-lock.json")) && lock(this.project) === lock(projectDirectory);
    if (same && existsSync(installed)) symlinkSync(installed, join(this.project, "node_modules"));
  }
}

function git(args: readonly string[]): string {
  const options = { cwd: projectDirectory, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  return execFileSync("git", args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
}

function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const notFound = (found: string, mend: string): KitError =>
  new KitError("There is nothing to compare with", [
    { path: "--base", found, allowed: "a branch, tag or commit with which this one has history in common", mend },
  ]);
