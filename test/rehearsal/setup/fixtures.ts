import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { GoTool } from "../../../rehearsal/setup/tool";

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "cloister-setup-")));
  made.push(directory);
  return directory;
}

export function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A shell script named as a program; it can rely on nothing being on PATH. */
export function executable(path: string, script: string): string {
  write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A `go` that writes its calls down and makes a small file of what it is asked to build. */
export class FakeGo {
  readonly bin: string;
  private readonly calls: string;

  constructor(directory: string, { version = "go1.26.8", toolchain = "local", onBuild = "" } = {}) {
    this.bin = join(directory, "bin");
    this.calls = write(join(directory, "go-calls"), "");
    executable(
      join(this.bin, "go"),
      `if [ "$1" = env ]; then printf '%s\\n' ${version} ${toolchain} ${directory}/modules ${directory}/build-cache; exit 0; fi
echo "$*" >> ${this.calls}
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
${onBuild}
/bin/mkdir -p "\${out%/*}" && echo built > "$out"`,
    );
  }

  /** One line per build. */
  builds(): string[] {
    return readFileSync(this.calls, "utf8").split("\n").filter(Boolean);
  }
}

/** A tool of one binary, with its module files in place. */
export function goTool<Name extends string>(
  toolsDirectory: string,
  name: Name,
  go = "1.26.0",
): GoTool & { name: Name } {
  write(join(toolsDirectory, name, "go.mod"), `module example.test/${name}\n\ngo ${go}\n`);
  write(join(toolsDirectory, name, "go.sum"), "");
  return {
    kind: "go",
    name,
    label: `the ${name}`,
    version: "1.2.3",
    estimateSeconds: 10,
    diskGigabytes: 1,
    binaries: { [name]: `example.test/${name}/cmd/${name}` },
    variables: { "main.Version": "v1.2.3" },
  };
}
