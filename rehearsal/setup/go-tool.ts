import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLogged } from "./command";
import { findExecutable } from "./executables";
import { SetupError, type SetupProblem } from "./setup-error";
import { contentKey } from "./tool-cache";
import type { GoTool } from "./tool";
import { atLeast } from "./versions";

export interface GoInstallation {
  readonly path: string;
  /** As Go says it: `go1.26.8`. */
  readonly version: string;
  /** Go fetches a newer toolchain by itself when a module asks for one. */
  readonly fetchesToolchains: boolean;
  /** Where it keeps modules and compiled packages. */
  readonly directories: readonly string[];
}

/** The first Go that can fetch a newer one by itself. */
const TOOLCHAIN_SWITCHING = "1.21";

/** The `go` on PATH, when it answers. */
export function findGo(environment: NodeJS.ProcessEnv): GoInstallation | undefined {
  const path = findExecutable("go", environment);
  if (!path) return undefined;
  const asked = ["GOVERSION", "GOTOOLCHAIN", "GOMODCACHE", "GOCACHE"];
  const { status, stdout } = spawnSync(path, ["env", ...asked], {
    cwd: tmpdir(),
    env: goEnvironment(environment),
    encoding: "utf8",
  });
  const [version, toolchain, ...directories] = stdout?.split("\n").map((line) => line.trim()) ?? [];
  if (status !== 0 || !version) return undefined;
  const fetchesToolchains = toolchain !== "local" && atLeast(version, TOOLCHAIN_SWITCHING);
  return { path, version, fetchesToolchains, directories: directories.filter(Boolean) };
}

/** The Go a tool's modules ask for, such as `1.26.0`. */
export function goFloor(directory: string): string {
  return /^go (\S+)$/m.exec(readFileSync(join(directory, "go.mod"), "utf8"))?.[1] ?? "1.24";
}

/** What stands in the way of building these tools, if anything does. */
export function goProblem(
  needs: readonly { readonly tool: GoTool; readonly directory: string }[],
  go: GoInstallation | undefined,
): SetupProblem | undefined {
  const short = needs.filter(
    ({ directory }) => !go || (!go.fetchesToolchains && !atLeast(go.version, goFloor(directory))),
  );
  if (short.length === 0) return undefined;
  const floor = short.map(({ directory }) => goFloor(directory)).reduce((a, b) => (atLeast(a, b) ? a : b));
  return {
    needed: `Go ${floor} or newer, to build ${short.map(({ tool }) => tool.label).join(", ")}`,
    found: go ? `${go.version} at ${go.path}` : "no `go` on PATH",
    mend: `Install Go ${floor} or newer (go.dev/doc/install, or your package manager) and put its bin directory on PATH.`,
  };
}

/** Everything that decides what a build makes, but for the Go that makes it. */
export function goSourceKey(tool: GoTool, directory: string): string {
  const files = readdirSync(directory).filter((file) => /\.(go|mod|sum)$/.test(file));
  const sources = files.sort().map((file) => readFileSync(join(directory, file), "utf8"));
  return contentKey([...sources, flags(tool), tool.binaries, process.platform, process.arch]);
}

/** Compiles the tool's binaries into `bin/` of the target and returns their paths within it. */
export async function buildGoTool(
  tool: GoTool,
  directory: string,
  target: string,
  go: GoInstallation,
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly log: string;
    readonly detail: (text: string) => void;
    readonly onStart: (pid: number) => void;
  },
): Promise<Record<string, string>> {
  const binaries = Object.entries(tool.binaries);
  let downloaded = 0;
  for (const [index, [binary, importPath]] of binaries.entries()) {
    const compiling = binaries.length > 1 ? `${binary}, ${index + 1} of ${binaries.length}` : "";
    options.detail(compiling);
    const log = options.log.replace(/\.log$/, binaries.length > 1 ? `-${binary}.log` : ".log");
    const { exitCode, tail } = await runLogged(
      go.path,
      ["build", ...flags(tool), "-o", join(target, "bin", binary), importPath],
      {
        cwd: directory,
        environment: goEnvironment(options.environment),
        log,
        onStart: options.onStart,
        onLine: (line) => {
          if (line.startsWith("go: downloading")) options.detail(`${(downloaded += 1)} modules fetched`);
        },
      },
    );
    if (exitCode !== 0) throw new SetupError([buildFailure(tool, binary, exitCode, tail, log)]);
  }
  return Object.fromEntries(binaries.map(([binary]) => [binary, join("bin", binary)]));
}

function flags(tool: GoTool): string[] {
  const variables = Object.entries(tool.variables ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
  const tags = tool.tags === undefined ? [] : ["-tags", tool.tags.join(",")];
  return ["-trimpath", "-mod=readonly", "-buildvcs=false", ...tags, "-ldflags", `-s -w${variables.join("")}`];
}

/**
 * The person's proxy, certificates and caches stay; what would change the program built does not. Without C, no
 * compiler but Go's own is needed, and a binary runs on any C library.
 */
function goEnvironment(ambient: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOOS: _os, GOARCH: _architecture, GOBIN: _bin, GOEXPERIMENT: _experiment, ...kept } = ambient;
  return { ...kept, GOFLAGS: "", GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" };
}

const CAUSES: readonly (readonly [pattern: RegExp, mend: string])[] = [
  [
    /no space left on device|disk quota exceeded/i,
    "The disk is full: free some room, or set CLOISTER_CACHE, GOCACHE and GOMODCACHE to directories on a larger disk.",
  ],
  [
    /checksum mismatch|SECURITY ERROR/,
    "A module is not the one that was pinned. Do not go on: find out what your module proxy serves (`go env GOPROXY`).",
  ],
  [
    /dial tcp|no such host|i\/o timeout|connection re(fused|set)|TLS handshake|x509:|proxyconnect|\b(403|407|5\d\d)\b/,
    "The Go module proxy cannot be reached: check the network, the proxy settings and `go env GOPROXY`, then run again.",
  ],
  [/requires go >=/, "The Go found is older than the sources ask for: install a newer one."],
  [/signal: killed|cannot allocate memory/, "The machine ran out of memory: close other programs, then run again."],
];

function buildFailure(
  tool: GoTool,
  binary: string,
  exitCode: number | undefined,
  output: string,
  log: string,
): SetupProblem {
  const cause = CAUSES.find(([pattern]) => pattern.test(output));
  return {
    needed: `a build of ${binary} ${tool.version}, for ${tool.label}`,
    found: exitCode === undefined ? "go was ended by a signal" : `go ended with exit code ${exitCode}`,
    mend: cause?.[1] ?? "Read what Go said, mend it and run again: what was compiled so far is kept.",
    output,
    log,
  };
}
