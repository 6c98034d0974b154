import { join } from "node:path";
import { diskProblem } from "./disk";
import { ENGINE_FLOOR, findEngine, findLanguageHost, type EngineOnPath } from "./engine";
import { buildGoTool, findGo, goProblem, goSourceKey, type GoInstallation } from "./go-tool";
import type { Progress } from "./progress";
import { installPythonTool, pythonSourceKey, Unavailable } from "./python-tool";
import { SetupError, type SetupProblem } from "./setup-error";
import { cacheDirectory, ToolCache, type CacheEntry } from "./tool-cache";
import { toolDirectory, type Tool } from "./tool";
import { TOOLS, type BinaryName, type ToolName } from "./tools";

export interface PreparedTool {
  readonly name: ToolName;
  readonly version: string;
  /** Found on PATH, compiled or installed by this call, or by an earlier one. */
  readonly origin: "path" | "built" | "pip" | "cached";
  /** How long its build took, now or then; 0 for one found on PATH. */
  readonly seconds: number;
  readonly binaries: Readonly<Record<string, string>>;
}

export interface Engine {
  readonly path: string;
  readonly version: string;
  /** `path`: the person's own; `built`: compiled by the set-up, now or earlier. */
  readonly origin: "path" | "built";
  /** Put `directory` first on PATH; `own` is the rehearsal's language host, a stand-in for the official one. */
  readonly languageHost: { readonly directory: string; readonly origin: "path" | "own" };
}

/** The programs a rehearsal starts, ready to run. */
export class Toolbox {
  constructor(
    readonly tools: ReadonlyMap<ToolName, PreparedTool>,
    /** Tools that cannot be had on this machine, and why; only Python's ones can be missing. */
    readonly unavailable: ReadonlyMap<ToolName, string>,
    private readonly languageHost: Engine["languageHost"],
  ) {}

  /** The absolute path of a binary; an error when its tool was not asked for or is unavailable. */
  path(binary: BinaryName): string {
    const path = this.find(binary);
    if (path === undefined) throw new Error(`${binary} was not prepared: ask for its tool, or look at unavailable.`);
    return path;
  }

  /** The absolute path of a binary, or undefined where its tool is not there. */
  find(binary: BinaryName): string | undefined {
    return [...this.tools.values()].find(({ binaries }) => binary in binaries)?.binaries[binary];
  }

  /** The Pulumi engine; an error when `pulumi` was not asked for. */
  get engine(): Engine {
    const { version, origin } = this.tools.get("pulumi") ?? {};
    const path = this.path("pulumi");
    return {
      path,
      version: version ?? "",
      origin: origin === "path" ? "path" : "built",
      languageHost: this.languageHost,
    };
  }
}

/** Where to look and what to prepare; for tests, everything can be somebody else's. */
export interface ToolboxOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cacheRoot?: string;
  readonly toolsDirectory?: string;
  readonly tools?: readonly Tool[];
  readonly freeGigabytes?: (directory: string) => number;
}

interface Need {
  readonly tool: Tool & { readonly name: ToolName };
  readonly directory: string;
  /** The cache entry's name, and what it begins with whichever Go built it. */
  readonly entry: string;
  readonly sourceKey: string;
}

/**
 * Finds, or else builds, the tools named. All that is missing is told at once, before anything is built.
 * @throws SetupError with what was needed, what was found and how to mend it.
 */
export async function prepareToolbox(
  names: readonly ToolName[],
  progress: Progress,
  options: ToolboxOptions = {},
): Promise<Toolbox> {
  const environment = options.environment ?? process.env;
  const cache = new ToolCache(options.cacheRoot ?? cacheDirectory(environment));
  const wanted = ((options.tools ?? TOOLS) as Need["tool"][]).filter(({ name }) => names.includes(name));
  const prepared = new Map<ToolName, PreparedTool>();
  const unavailable = new Map<ToolName, string>();

  const engine = names.includes("pulumi") ? findEngine(environment, ENGINE_FLOOR, cache.root) : undefined;
  const languageHost = findLanguageHost(engine?.refused ? undefined : engine?.path, environment);
  if (engine && !engine.refused) prepared.set("pulumi", onPath(engine));

  const go = wanted.some(({ kind }) => kind === "go") ? findGo(environment) : undefined;
  const missing: Need[] = [];
  for (const tool of wanted.filter(({ name }) => !prepared.has(name))) {
    const need = needOf(tool, go, options.toolsDirectory);
    // Without Go, what an earlier Go built of the same sources is as good.
    const entry = cache.find(tool.name, need.entry, go ? undefined : need.sourceKey);
    if (entry) prepared.set(tool.name, fromCache(tool, entry, "cached"));
    else missing.push(need);
  }

  refuse(missing, go, engine, cache, options.freeGigabytes);
  if (engine?.refused && missing.some(({ tool }) => tool.name === "pulumi")) {
    progress.note(`The pulumi at ${engine.path} (${engine.version}) ${engine.refused}: one is built beside it.`);
  }
  for (const need of missing) {
    try {
      prepared.set(need.tool.name, await make(need, go, cache, progress, environment));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable.set(need.tool.name, error.message);
      progress.note(`Without ${need.tool.label}: ${error.message}.`);
    }
  }
  return new Toolbox(prepared, unavailable, languageHost);
}

function needOf(tool: Need["tool"], go: GoInstallation | undefined, toolsDirectory?: string): Need {
  const directory = toolDirectory(tool.name, toolsDirectory);
  if (tool.kind === "python") {
    const sourceKey = pythonSourceKey(tool, directory);
    return { tool, directory, sourceKey, entry: sourceKey };
  }
  const sourceKey = goSourceKey(tool, directory);
  return { tool, directory, sourceKey, entry: `${sourceKey}-${go?.version.replace(/[^\w.-]+/g, "_") ?? "none"}` };
}

/** Throws everything that would stop the builds, at once. */
function refuse(
  missing: readonly Need[],
  go: GoInstallation | undefined,
  engine: EngineOnPath | undefined,
  cache: ToolCache,
  freeGigabytes?: (directory: string) => number,
): void {
  const problems: SetupProblem[] = [];
  const goNeeds = missing.flatMap(({ tool, directory }) => (tool.kind === "go" ? [{ tool, directory }] : []));
  const withoutGo = goProblem(goNeeds, go);
  if (withoutGo && goNeeds.some(({ tool }) => tool.name === "pulumi")) {
    problems.push({
      ...withoutGo,
      found: `${withoutGo.found}; ${engine ? `the pulumi at ${engine.path} (${engine.version}) ${engine.refused}` : "no `pulumi` on PATH"}`,
      mend: `${withoutGo.mend} Pulumi ${ENGINE_FLOOR} or newer on PATH spares the engine's build, not the others'.`,
    });
  } else if (withoutGo) problems.push(withoutGo);

  if (missing.length > 0) {
    const gigabytes = missing.reduce((sum, { tool }) => sum + tool.diskGigabytes, 0);
    const labels = missing.map(({ tool }) => tool.label).join(", ");
    const full = diskProblem(gigabytes, labels, [cache.root, ...(go?.directories ?? [])], freeGigabytes);
    if (full) problems.push(full);
  }
  if (problems.length > 0) throw new SetupError(problems);
}

async function make(
  { tool, directory, entry }: Need,
  go: GoInstallation | undefined,
  cache: ToolCache,
  progress: Progress,
  environment: NodeJS.ProcessEnv,
): Promise<PreparedTool> {
  const last = cache.lastSeconds(tool.name);
  const estimate =
    last === undefined
      ? ({ seconds: tool.estimateSeconds, source: "first estimate" } as const)
      : ({ seconds: last, source: "last time" } as const);
  const log = cache.log(tool.name);
  const title = `${tool.kind === "go" ? "building" : "installing"} ${tool.label} ${tool.version}`;
  let fresh = false;
  const made = await progress.step(
    title,
    (detail) =>
      cache.publish(
        tool.name,
        entry,
        (target, onStart) => {
          fresh = true;
          if (tool.kind === "python") return installPythonTool(tool, directory, target, { environment, log, onStart });
          if (!go) throw new Error(`${tool.name} was to be built without Go.`);
          return buildGoTool(tool, directory, target, go, { environment, log, detail, onStart });
        },
        (pid) => detail(`process ${pid} is at it already: waiting`),
      ),
    { estimate },
  );
  return fromCache(tool, made, fresh ? (tool.kind === "go" ? "built" : "pip") : "cached");
}

function fromCache(tool: Need["tool"], entry: CacheEntry, origin: PreparedTool["origin"]): PreparedTool {
  const binaries = Object.fromEntries(
    Object.entries(entry.files).map(([binary, { path }]) => [binary, join(entry.directory, path)]),
  );
  return { name: tool.name, version: tool.version, origin, seconds: entry.seconds, binaries };
}

function onPath({ path, version }: EngineOnPath): PreparedTool {
  return { name: "pulumi", version, origin: "path", seconds: 0, binaries: { pulumi: path } };
}
