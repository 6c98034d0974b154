import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findExecutable, isExecutable } from "./executables";
import { contentKey } from "./tool-cache";
import { atLeast, parseVersion } from "./versions";

/**
 * The oldest `pulumi` on PATH that is used instead of a built one: as new as the SDK the program links, so that the
 * engine knows every feature the SDK asks for. (`pulumi policy analyze`, the check after `up`, is younger than
 * most: it came with 3.229.0.)
 */
export const ENGINE_FLOOR = "3.248.0";

/** Holds the rehearsal's own `pulumi-language-nodejs`; put it on PATH where the official one is missing. */
export const LANGUAGE_HOST_DIRECTORY = resolve(__dirname, "../language-host");

const LANGUAGE_HOST = "pulumi-language-nodejs";

/** The `pulumi` on PATH: used when `refused` is undefined. */
export interface EngineOnPath {
  readonly path: string;
  /** As it says itself, without the `v`. */
  readonly version: string;
  /** Why it is not used, in a few words. */
  readonly refused?: string;
}

/** The first `pulumi` on PATH, if there is one, with what it can do. */
export function findEngine(environment: NodeJS.ProcessEnv, floor: string, cacheRoot: string): EngineOnPath | undefined {
  const path = findExecutable("pulumi", environment);
  if (!path) return undefined;
  const { version, analyzes } = probe(path, environment, cacheRoot);
  if (!parseVersion(version)) return { path, version: "unknown", refused: "does not answer `pulumi version`" };
  if (!atLeast(version, floor)) return { path, version, refused: `is older than ${floor}` };
  if (parseVersion(version)?.[0] !== parseVersion(floor)?.[0]) {
    return { path, version, refused: `is another major version than ${floor}` };
  }
  if (!analyzes) return { path, version, refused: "has no `pulumi policy analyze`" };
  return { path, version };
}

/** The directory of the official language host beside the engine or on PATH, else of the rehearsal's own. */
export function findLanguageHost(
  enginePath: string | undefined,
  environment: NodeJS.ProcessEnv,
): { readonly directory: string; readonly origin: "path" | "own" } {
  // A built engine comes with nothing beside it; an official host found for it elsewhere may not fit it.
  if (enginePath === undefined) return { directory: LANGUAGE_HOST_DIRECTORY, origin: "own" };
  const beside = join(dirname(realpathSync(enginePath)), LANGUAGE_HOST);
  const official = isExecutable(beside) ? beside : findExecutable(LANGUAGE_HOST, environment);
  return official
    ? { directory: dirname(official), origin: "path" }
    : { directory: LANGUAGE_HOST_DIRECTORY, origin: "own" };
}

interface Probe {
  readonly version: string;
  readonly analyzes: boolean;
}

/** Starting the engine twice takes longer than all else that is checked, so the answer is kept per file. */
function probe(path: string, environment: NodeJS.ProcessEnv, cacheRoot: string): Probe {
  const real = realpathSync(path);
  const { size, mtimeMs } = statSync(real);
  const kept = join(cacheRoot, "probes", `pulumi-${contentKey([path, real, size, mtimeMs])}.json`);
  try {
    return JSON.parse(readFileSync(kept, "utf8")) as Probe;
  } catch {
    const answer = ask(path, environment, join(cacheRoot, "probes", "pulumi-home"));
    mkdirSync(dirname(kept), { recursive: true });
    // One that gave no answer may be mended without its file changing: a wrapper, say.
    if (parseVersion(answer.version)) writeFileSync(kept, JSON.stringify(answer));
    return answer;
  }
}

function ask(path: string, ambient: NodeJS.ProcessEnv, home: string): Probe {
  const options = {
    // A home of its own: a question about the version neither reads nor refreshes anybody's credentials.
    env: { PATH: ambient["PATH"], HOME: home, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    encoding: "utf8",
    timeout: 30_000,
  } as const;
  const version = spawnSync(path, ["version"], options);
  const analyze = spawnSync(path, ["policy", "analyze", "--help"], options);
  return {
    version: version.status === 0 ? version.stdout.trim().replace(/^v/, "") : "",
    // Cobra answers an unknown subcommand with its parent's help and success: the text tells them apart.
    analyzes: analyze.status === 0 && analyze.stdout.includes("pulumi policy analyze"),
  };
}
