import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { processStart, withOwnerLock } from "./owner-lock";

/** What a finished build says of itself, kept beside its files. */
export interface CacheEntry {
  readonly directory: string;
  /** How long the build took. */
  readonly seconds: number;
  readonly builtAt: string;
  /** Binary name to its path within the directory, and its size in bytes. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly bytes: number }>>;
}

const RECORD = "built.json";
const UNFINISHED = ".building-";

/** `$CLOISTER_CACHE`, else `$XDG_CACHE_HOME/cloister`, else `~/.cache/cloister`: outside every work tree, shared by all. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { CLOISTER_CACHE, XDG_CACHE_HOME, HOME } = environment;
  if (CLOISTER_CACHE) return resolve(CLOISTER_CACHE);
  return join(XDG_CACHE_HOME || join(HOME || homedir(), ".cache"), "cloister");
}

/** The name of a build's content: the same for the same sources, flags and platform; any change gives another. */
export function contentKey(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);
}

/**
 * Finished builds by content. An entry appears whole, by one rename, or not at all; its files are never changed
 * afterwards, so readers need no lock.
 */
export class ToolCache {
  constructor(readonly root: string) {}

  /** Where the last run of the tool's build wrote what it said. */
  log(tool: string): string {
    return join(this.root, "logs", `${tool}.log`);
  }

  /** The entry with exactly that name, or, failing it, the newest that begins with one of the prefixes. */
  find(tool: string, name: string, prefix?: string): CacheEntry | undefined {
    const exact = this.read(tool, name);
    if (exact || prefix === undefined) return exact;
    return this.entries(tool, prefix)[0];
  }

  /** Seconds the newest build of the tool took, whatever its content was; undefined before the first. */
  lastSeconds(tool: string): number | undefined {
    return this.entries(tool, "")[0]?.seconds;
  }

  /**
   * Builds the entry in a directory of its own and puts it in place, unless another process has done so meanwhile.
   * `build` fills the directory and returns the binaries' paths within it; processes it starts, each with a group of
   * its own, are adopted, so that a killed build's do not go on beside the next.
   */
  async publish(
    tool: string,
    name: string,
    build: (directory: string, adopt: (pid: number) => void) => Promise<Readonly<Record<string, string>>>,
    onWait?: (pid: number) => void,
  ): Promise<CacheEntry> {
    const home = join(this.root, "tools", tool);
    mkdirSync(home, { recursive: true });
    return withOwnerLock(
      join(home, ".lock"),
      async (adopt) => {
        const made = this.read(tool, name);
        if (made) return made;
        this.sweep(home);
        const unfinished = mkdtempSync(join(home, `${UNFINISHED}${process.pid}-`));
        try {
          const begun = performance.now();
          const paths = await build(unfinished, adopt);
          const record = {
            seconds: Math.round((performance.now() - begun) / 100) / 10,
            builtAt: new Date().toISOString(),
            files: Object.fromEntries(
              Object.entries(paths).map(([binary, path]) => [
                binary,
                { path, bytes: statSync(join(unfinished, path)).size },
              ]),
            ),
          };
          await writeFile(join(unfinished, RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
          // What lies there is no whole entry, or it would have been found above.
          rmSync(join(home, name), { recursive: true, force: true });
          renameSync(unfinished, join(home, name));
          return { ...record, directory: join(home, name) };
        } finally {
          rmSync(unfinished, { recursive: true, force: true });
        }
      },
      { onWait },
    );
  }

  private entries(tool: string, prefix: string): CacheEntry[] {
    const home = join(this.root, "tools", tool);
    if (!existsSync(home)) return [];
    return readdirSync(home)
      .filter((name) => !name.startsWith(".") && name.startsWith(prefix))
      .map((name) => this.read(tool, name))
      .filter((entry) => entry !== undefined)
      .sort((a, b) => b.builtAt.localeCompare(a.builtAt));
  }

  /** An entry counts only with every file there at its full size: a disk that filled up may have left less. */
  private read(tool: string, name: string): CacheEntry | undefined {
    const directory = join(this.root, "tools", tool, name);
    try {
      const record = JSON.parse(readFileSync(join(directory, RECORD), "utf8")) as Omit<CacheEntry, "directory">;
      const whole = Object.values(record.files).every(
        ({ path, bytes }) => statSync(join(directory, path)).size === bytes,
      );
      return whole ? { ...record, directory } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Removes what killed builds left. */
  private sweep(home: string): void {
    for (const name of readdirSync(home).filter((entry) => entry.startsWith(UNFINISHED))) {
      const pid = Number(name.slice(UNFINISHED.length).split("-")[0]);
      if (processStart(pid) === undefined) rmSync(join(home, name), { recursive: true, force: true });
    }
  }
}
