import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installStandIn } from "../../../rehearsal/providers/install";
import { EngineWorkspace, type EngineRun } from "../engine";

/** The program's side of the in-memory provider, followed by the resources of one test. */
const program = (body: string) => `
  import * as pulumi from "@pulumi/pulumi";
  const options = { version: "1.0.0" };
  class Thing extends pulumi.CustomResource {
    declare readonly name: pulumi.Output<string>;
    declare readonly size: pulumi.Output<number>;
    declare readonly colour: pulumi.Output<string>;
    constructor(name: string, args: Record<string, unknown>, more: pulumi.CustomResourceOptions = {}) {
      super("memory:index:Thing", name, { size: undefined, token: undefined, ...args }, { ...options, ...more });
    }
  }
  class Plain extends pulumi.CustomResource {
    constructor(name: string, args: Record<string, unknown>) {
      super("memory:index:Plain", name, args, options);
    }
  }
  ${body}
`;

/** The operations on everything but the stack and its providers, as `name op`. */
const operations = (run: EngineRun) =>
  run.steps.filter(({ type }) => type.startsWith("memory:")).map(({ name, op }) => `${name} ${op}`);

describe("the lifecycle server under the real engine", { timeout: 120_000 }, () => {
  let workspace: EngineWorkspace;
  let cloud: string;

  beforeAll(async () => {
    workspace = await EngineWorkspace.create({
      program: program(""),
      project: { config: { "pulumi:autonaming": { value: { pattern: "kit-${name}-${hex(4)}" } } } },
    });
    cloud = join(workspace.directory, "cloud");
    workspace.environment.MEMORY_CLOUD = cloud;
    workspace.environment.CLOISTER_FIDELITY_LOG = join(workspace.directory, "fidelity.jsonl");
    await installStandIn({
      pulumiHome: workspace.pulumiHome,
      name: "memory",
      version: "1.0.0",
      entry: join(__dirname, "fixtures", "memory-provider.ts"),
    });
  });

  afterAll(() => workspace.remove());

  const deploy = async (body: string) => {
    await workspace.write(program(body));
    return workspace.up();
  };

  const find = async (name: string) => {
    const found = (await workspace.export()).find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found) throw new Error(`${name} is not in state`);
    return found;
  };

  const live = (id: string) => JSON.parse(readFileSync(join(cloud, `${id}.json`), "utf8")) as Record<string, unknown>;

  it("creates, changes nothing the second time, updates, replaces and deletes", async () => {
    const made = await deploy(`new Thing("one", { name: "one", count: 1, place: { region: "a", row: 1 } });`);
    expect(made.code, made.output).toBe(0);
    expect(operations(made)).toEqual(["one create"]);
    expect(live("one")).toMatchObject({ name: "one", count: 1 });

    const again = await workspace.up();
    expect(operations(again)).toEqual(["one same"]);

    const changed = await deploy(`new Thing("one", { name: "one", count: 2, place: { region: "a", row: 2 } });`);
    expect(operations(changed)).toEqual(["one update"]);
    expect(Object.keys(changed.steps.find(({ name }) => name === "one")?.detailedDiff ?? {}).sort()).toEqual([
      "count",
      "place.row",
    ]);
    expect(live("one")).toMatchObject({ count: 2, place: { row: 2 } });

    const moved = await deploy(`new Thing("one", { name: "two", count: 2, place: { region: "b", row: 2 } });`);
    expect(operations(moved)).toEqual(["one create-replacement", "one replace", "one delete-replaced"]);
    const replacement = moved.steps.find(({ op }) => op === "replace");
    expect(replacement?.detailedDiff).toMatchObject({
      name: { diffKind: "update-replace" },
      "place.region": { diffKind: "update-replace" },
    });
    expect(readdirSync(cloud)).toEqual(["two.json"]);

    const gone = await deploy("");
    expect(operations(gone)).toEqual(["one delete"]);
    expect(readdirSync(cloud)).toEqual([]);
  });

  it("sees drift, and puts it right", async () => {
    await deploy(`new Thing("drifting", { name: "drifting", count: 1 });`);
    writeFileSync(join(cloud, "drifting.json"), JSON.stringify({ ...live("drifting"), count: 9 }));
    const seen = await workspace.refresh();
    expect(seen.code, seen.output).toBe(0);
    expect((await find("drifting")).outputs).toMatchObject({ count: 9 });
    const mended = await workspace.up();
    expect(operations(mended)).toEqual(["drifting update"]);
    expect(live("drifting")).toMatchObject({ count: 1 });

    rmSync(join(cloud, "drifting.json"));
    await workspace.refresh();
    expect(operations(await workspace.up())).toEqual(["drifting create"]);
  });

  it("lists every wrong input at once", async () => {
    const refused = await deploy(`new Thing("wrong", { count: 0, colour: "beige" });`);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("found 0; write a number from 1");
    expect(refused.output).toContain("beige is not made; choose red");
  });

  it("keeps secret inputs and always-secret outputs secret in state", async () => {
    const made = await deploy(
      `new Thing("private", { name: "private", count: 1, notes: { open: "x", shut: pulumi.secret("hush") } });`,
    );
    expect(made.code, made.output).toBe(0);
    const { inputs, outputs } = await find("private");
    for (const properties of [inputs, outputs]) {
      expect(properties?.notes).toMatchObject({ open: "x", shut: { ciphertext: expect.any(String) as string } });
    }
    expect(outputs?.token).toHaveProperty("ciphertext");
    expect(JSON.stringify(await workspace.export())).not.toContain("hush");
    // The provider itself got the real value.
    expect(live("private")).toMatchObject({ notes: { shut: "hush" } });
    const refreshed = await workspace.refresh();
    expect(refreshed.code, refreshed.output).toBe(0);
    expect((await find("private")).outputs?.notes).toMatchObject({
      shut: { ciphertext: expect.any(String) as string },
    });
  });

  it("previews unknown values as unknown, and what is known as known", async () => {
    const body = `
      const first = new Thing("first", { name: "first", count: 1 });
      const second = new Thing("second", { name: "second", count: first.size, place: { region: "a", row: first.size } });
      export const known = second.name;
      export const unknown = second.size;
    `;
    await workspace.write(program(body));
    const planned = await workspace.preview();
    expect(planned.code, planned.output).toBe(0);
    expect(operations(planned)).toEqual(expect.arrayContaining(["first create", "second create"]));
    expect(planned.output).toMatch(/known *: "second"/);
    expect(planned.output).toMatch(/unknown *: \[unknown\]/);
    await workspace.up();
    expect(live("second")).toMatchObject({ place: { region: "a", row: live("first").size } });
  });

  it("takes the engine's name where none was given", async () => {
    await deploy(`new Thing("unnamed", { count: 1 }); new Thing("named", { name: "mine", count: 1 });`);
    expect((await find("unnamed")).id).toMatch(/^kit-unnamed-[0-9a-f]{4}$/);
    expect((await find("named")).id).toBe("mine");
  });

  it("keeps a resource that was made but did not come up, with the reason", async () => {
    const stuck = await deploy(`new Thing("stuck", { name: "stuck", count: 1, colour: "stuck" });`);
    expect(stuck.code).not.toBe(0);
    expect(stuck.output).toContain("it never came up");
    expect(await find("stuck")).toMatchObject({ id: "stuck", initErrors: ["it never came up"] });
    const mended = await deploy(`new Thing("stuck", { name: "stuck", count: 1, colour: "red" });`);
    expect(mended.code, mended.output).toBe(0);
    expect((await find("stuck")).initErrors).toBeUndefined();
  });

  it("gives a kind with nothing of its own the default life", async () => {
    await deploy(`new Plain("plain", { a: 1, b: 2 });`);
    const changed = await deploy(`new Plain("plain", { a: 1, c: 3 });`);
    expect(operations(changed)).toContain("plain update");
    expect((await find("plain")).outputs).toEqual({ a: 1, c: 3, made: true });
  });

  it("refuses a type it does not have by name, and a wrong setting of its own", async () => {
    const refused = await deploy(`
      new pulumi.CustomResource("memory:index:Nothing", "nothing", {}, options);
    `);
    expect(refused.output).toContain("does not have the type memory:index:Nothing");
    const provider = await deploy(`
      class Memory extends pulumi.ProviderResource {}
      new Memory("memory", "moody", { mood: "bad" }, options);
    `);
    expect(provider.output).toContain("found bad; write good");
  });

  it("answers functions", async () => {
    await deploy(
      `export const twice = pulumi.runtime.invoke("memory:index:double", { value: 21 }, options).then((r) => r.twice);`,
    );
    expect(await workspace.outputs()).toEqual({ twice: 42 });
  });

  it("notes how real everything was", () => {
    const lines = readFileSync(join(workspace.directory, "fidelity.jsonl"), "utf8").trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as unknown);
    expect(entries).toContainEqual(
      expect.objectContaining({
        provider: "memory",
        token: "memory:index:Thing",
        fidelity: "real",
        operation: "create",
      }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({
        provider: "memory",
        token: "memory:index:Plain",
        fidelity: "computed",
        operation: "update",
      }),
    );
  });

  it("destroys what is left", async () => {
    const gone = await workspace.destroy();
    expect(gone.code, gone.output).toBe(0);
    expect(await workspace.export()).toEqual([]);
  });
});
