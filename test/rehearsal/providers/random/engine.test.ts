import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installProviders } from "../../../../rehearsal/providers/install";
import { type EngineRun, EngineWorkspace } from "../../engine";

const program = (rotation: string, length: number) => `
  import * as random from "@pulumi/random";
  const keepers = { rotation: "${rotation}" };
  const password = new random.RandomPassword("password", { length: ${length}, keepers, special: false });
  const token = new random.RandomBytes("token", { length: 32 });
  const suffix = new random.RandomId("suffix", { byteLength: 4 });
  export const secret = password.result;
  export const open = suffix.hex;
  export const key = token.base64;
`;

const operations = (run: EngineRun) =>
  run.steps.filter(({ type }) => type.startsWith("random:")).map(({ name, op }) => `${name} ${op}`);

describe("random under the real engine", () => {
  let workspace: EngineWorkspace;
  beforeAll(async () => {
    workspace = await EngineWorkspace.create({ program: program("1", 20) });
    await installProviders({ pulumiHome: workspace.pulumiHome, providers: ["random"] });
  });
  afterAll(() => workspace.remove());

  it("creates, keeps, replaces and destroys, with every secret sealed in state", async () => {
    const made = await workspace.up();
    expect(made.code, made.output).toBe(0);
    expect(operations(made).sort()).toEqual(["password create", "suffix create", "token create"]);
    const first = await workspace.outputs();
    expect(first.secret).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(Buffer.from(String(first.key), "base64")).toHaveLength(32);

    const state = await workspace.export();
    const outputs = (name: string) => state.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
    expect(outputs("password")?.result).toHaveProperty("ciphertext");
    expect(outputs("token")).toMatchObject({ base64: { ciphertext: expect.any(String) as string } });
    expect(outputs("token")?.hex).toHaveProperty("ciphertext");
    expect(outputs("suffix")?.hex).toBe(first.open);
    expect(JSON.stringify(state)).not.toContain(first.secret);
    expect(JSON.stringify(state)).not.toContain(first.key);

    const again = await workspace.up();
    expect(operations(again).sort()).toEqual(["password same", "suffix same", "token same"]);
    expect(await workspace.outputs()).toEqual(first);

    await workspace.write(program("2", 20));
    const previewed = await workspace.preview();
    expect(operations(previewed)).toContain("password replace");
    const rotated = await workspace.up();
    expect(operations(rotated)).toContain("password replace");
    const second = await workspace.outputs();
    expect(second.secret).not.toBe(first.secret);
    expect(second.key).toBe(first.key);

    await workspace.write(program("2", 0));
    const refused = await workspace.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("found 0: must be 1 or more");

    expect((await workspace.destroy()).code).toBe(0);
    expect((await workspace.export()).filter(({ type }) => type.startsWith("random:"))).toEqual([]);
  }, 240_000);
});
