import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitWords } from "../../../rehearsal/language-host/node-program";
import { EngineWorkspace, type EngineRun } from "../engine";

describe("the language host under the real engine", { timeout: 120_000 }, () => {
  let workspace: EngineWorkspace;
  let pack: string;

  beforeAll(async () => {
    workspace = await EngineWorkspace.create({ program: "", environment: { FORCE_COLOR: "0" } });
    pack = join(workspace.directory, "policies");
    await mkdir(pack);
    await writeFile(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
    await writeFile(join(pack, "package.json"), JSON.stringify({ name: "pack", version: "1.2.3", main: "index.js" }));
    await writeFile(join(pack, "index.js"), `require("tsx/cjs"); require("./pack.ts");`);
    await writeFile(
      join(pack, "pack.ts"),
      `import { PolicyPack } from "@pulumi/policy";
       const forbidden: string = "forbidden";
       new PolicyPack("names", { policies: [{
         name: "no-forbidden-name", description: "Names", enforcementLevel: "mandatory",
         validateResource: (resource, report) => {
           if (resource.name === forbidden) report("this name is not allowed");
         },
       }] });`,
    );
  });

  afterAll(() => workspace.remove());

  const preview = async (body: string, ...flags: string[]): Promise<EngineRun> => {
    await workspace.write(`import * as pulumi from "@pulumi/pulumi";
      const component = (name: string) => new pulumi.ComponentResource("test:index:Thing", name, {});
      ${body}`);
    return workspace.preview(...flags);
  };

  const errors = (run: EngineRun) => run.diagnostics.filter(({ severity }) => severity === "error");

  it("runs a TypeScript program through tsx and hands on what it prints", async () => {
    const run = await preview(`
      const answer: number = 42;
      component("one");
      console.log("the answer is", answer);
      export const stack = pulumi.getStack();`);
    expect(run.code, run.output).toBe(0);
    expect(run.steps.map(({ name, op }) => `${name} ${op}`)).toContain("one create");
    expect(run.diagnostics.map(({ message }) => message.trim())).toContain("the answer is 42");
    expect(run.output).toContain('stack: "test"');
  });

  it("shows a mistake of the user's without a stack", async () => {
    const run = await preview(`
      class KitError extends pulumi.RunError {}
      throw new KitError("two mistakes:\\n  first\\n  second");`);
    expect(run.code).not.toBe(0);
    expect(errors(run).map(({ message }) => message.trim())).toEqual(["two mistakes:\n  first\n  second"]);
    expect(run.output).not.toContain("at Module._compile");
    expect(run.output).not.toContain("non-zero exit code");
  });

  it("shows a bug with its stack, once", async () => {
    const run = await preview(`throw new Error("a bug");`);
    expect(run.code).not.toBe(0);
    expect(errors(run)).toHaveLength(1);
    expect(errors(run)[0]?.message).toMatch(/unhandled exception:[\s\S]*Error: a bug[\s\S]*index\.ts/);
  });

  it("reports a program that ends by itself", async () => {
    const run = await preview(`process.exit(3);`);
    expect(run.code).not.toBe(0);
    expect(errors(run).map(({ message }) => message)).toEqual([
      expect.stringContaining("Program exited with non-zero exit code: 3"),
    ]);
  });

  it("runs a policy pack that passes, and one that stops the plan", async () => {
    const passed = await preview(`component("allowed");`, "--policy-pack", pack);
    expect(passed.code, passed.output).toBe(0);
    expect(passed.output).toContain("names@v1.2.3");
    const stopped = await preview(`component("forbidden");`, "--policy-pack", pack);
    expect(stopped.code).not.toBe(0);
    expect(stopped.output).toContain("this name is not allowed");
  });

  it("says what is wrong with a pack that does not start", async () => {
    const broken = join(workspace.directory, "broken");
    await mkdir(broken);
    await writeFile(join(broken, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    await writeFile(join(broken, "package.json"), JSON.stringify({ name: "broken", version: "0.0.1" }));
    await writeFile(join(broken, "index.js"), `throw new Error("the pack is broken");`);
    const run = await preview("", "--policy-pack", broken);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("the pack is broken");
  });

  it("passes configuration, secrets included", async () => {
    await workspace.configure("colour", "red");
    await workspace.configure("key", "hush", { secret: true });
    const run = await preview(`
      const config = new pulumi.Config();
      export const colour = config.require("colour");
      export const key = config.requireSecret("key").apply((value) => value.length);`);
    expect(run.code, run.output).toBe(0);
    expect(run.output).toContain('colour: "red"');
    expect(run.output).toMatch(/key *: \[secret\]/);
  });

  it("ends the program when the update is cancelled, without blaming it", async () => {
    await workspace.write(`import * as pulumi from "@pulumi/pulumi";
      console.log("program", process.pid);
      setInterval(() => undefined, 1000);`);
    const { run, pid } = await workspace.interrupt(["up", "--yes", "--skip-preview"], /program (\d+)/);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("update canceled");
    expect(run.output).not.toContain("exited unexpectedly");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("splitWords", () => {
  it("keeps quoted blanks together", () => {
    expect(splitWords(`--import tsx --title 'two words' --x="a b"  -y`)).toEqual([
      "--import",
      "tsx",
      "--title",
      "two words",
      "--x=a b",
      "-y",
    ]);
    expect(splitWords("")).toEqual([]);
  });
});
