import { symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { ENGINE_FLOOR, LANGUAGE_HOST_DIRECTORY } from "../../../rehearsal/setup/engine";
import { SILENT_PROGRESS, type Progress } from "../../../rehearsal/setup/progress";
import { prepareToolbox, type ToolboxOptions } from "../../../rehearsal/setup/toolbox";
import { executable, FakeGo, goTool, temporaryDirectory } from "./fixtures";

let root: string;
beforeEach(() => (root = temporaryDirectory()));

/** A `pulumi` of that version; its answer to an unknown subcommand is the parent's help, as the real one's is. */
function pulumi(version: string, { analyzes = true, directory = join(root, "pulumi/bin") } = {}): string {
  executable(
    join(directory, "pulumi"),
    `echo "$*" >> ${join(root, "pulumi-calls")}
case "$1" in
  version) echo v${version} ;;
  policy) ${analyzes ? "echo 'Usage: pulumi policy analyze [flags]'" : "echo 'Usage: pulumi policy [command]'"} ;;
esac`,
  );
  return directory;
}

const prepare = (path: readonly string[], progress: Progress = SILENT_PROGRESS) => {
  const options: ToolboxOptions = {
    environment: { PATH: path.join(delimiter), HOME: root },
    cacheRoot: join(root, "cache"),
    toolsDirectory: join(root, "tools"),
    tools: [goTool(join(root, "tools"), "pulumi")],
    freeGigabytes: () => 100,
  };
  return prepareToolbox(["pulumi"], progress, options);
};

test("a recent pulumi on PATH is used, and no Go is needed", async () => {
  const bin = pulumi("3.260.0");
  const { engine, tools } = await prepare([bin]);
  expect(engine).toMatchObject({ path: join(bin, "pulumi"), version: "3.260.0", origin: "path" });
  expect(tools.get("pulumi")).toMatchObject({ origin: "path", seconds: 0 });
});

test.each([
  ["3.247.9", true, `is older than ${ENGINE_FLOOR}`],
  ["4.0.0", true, `is another major version than ${ENGINE_FLOOR}`],
  ["3.260.0", false, "has no `pulumi policy analyze`"],
  ["dev", true, "does not answer `pulumi version`"],
])("pulumi %s (analyzes: %s) is passed over: it %s", async (version, analyzes, reason) => {
  const notes: string[] = [];
  const bin = pulumi(version, { analyzes });
  const { engine } = await prepare([bin, new FakeGo(root).bin], {
    ...SILENT_PROGRESS,
    note: (text) => notes.push(text),
  });
  expect(engine).toMatchObject({ version: "1.2.3", origin: "built" });
  expect(engine.path).toContain(join(root, "cache"));
  expect(notes.join()).toContain(reason);
});

test("neither a fit Pulumi nor Go: one message tells both", async () => {
  const bin = pulumi("3.100.0");
  await expect(prepare([bin])).rejects.toThrow(
    `no \`go\` on PATH; the pulumi at ${join(bin, "pulumi")} (3.100.0) is older than ${ENGINE_FLOOR}`,
  );
  await expect(prepare([])).rejects.toThrow("no `go` on PATH; no `pulumi` on PATH");
  await expect(prepare([])).rejects.toThrow(`Pulumi ${ENGINE_FLOOR} or newer on PATH`);
});

test("the engine is asked once, not at every run", async () => {
  const bin = pulumi("3.260.0");
  await prepare([bin]);
  executable(join(root, "pulumi-calls"), "");
  await prepare([bin]);
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(join(root, "pulumi-calls"), "utf8")).toBe("#!/bin/sh\n\n");
});

test("an upgraded pulumi is asked again", async () => {
  await prepare([pulumi("3.260.0")]);
  const { engine } = await prepare([pulumi("3.1000.0")]);
  expect(engine.version).toBe("3.1000.0");
});

test("the official language host beside the engine is used, even behind a symbolic link", async () => {
  const real = pulumi("3.260.0");
  executable(join(real, "pulumi-language-nodejs"), "");
  const linked = temporaryDirectory();
  symlinkSync(join(real, "pulumi"), join(linked, "pulumi"));
  const { engine } = await prepare([linked]);
  expect(engine.languageHost).toEqual({ directory: real, origin: "path" });
});

test("the official language host elsewhere on PATH is used with a pulumi from PATH, not with a built one", async () => {
  const host = temporaryDirectory();
  executable(join(host, "pulumi-language-nodejs"), "");
  const found = await prepare([pulumi("3.260.0"), host]);
  expect(found.engine.languageHost).toEqual({ directory: host, origin: "path" });
  const built = await prepare([host, new FakeGo(root).bin]);
  expect(built.engine.languageHost).toEqual({ directory: LANGUAGE_HOST_DIRECTORY, origin: "own" });
});

test("a pulumi without a language host gets the rehearsal's own", async () => {
  const { engine } = await prepare([pulumi("3.260.0")]);
  expect(engine.languageHost).toEqual({ directory: LANGUAGE_HOST_DIRECTORY, origin: "own" });
});
