import { describe, expect, it } from "vitest";
import { drawCharacters } from "../../../../rehearsal/providers/random/characters";
import { randomTable } from "../../../../rehearsal/providers/random/table";
import type { Properties } from "../../../../rehearsal/providers/provider";
import { callContext, lines, text } from "../context";

const token = (name: string) => `random:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;
const kindOf = (name: string) => {
  const kind = randomTable.kind(token(name));
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
};
const create = (name: string, inputs: Properties, preview = false) =>
  kindOf(name).create(inputs, callContext(token(name), { preview }));
const check = async (name: string, inputs: Properties) =>
  lines((await kindOf(name).check?.(inputs, callContext(token(name))))?.failures ?? []);
const diff = (name: string, before: Properties, after: Properties) =>
  kindOf(name).diff?.({ inputs: before, state: {} }, after, callContext(token(name)));

describe("random values", () => {
  it("draws bytes and shows the same ones in both encodings", async () => {
    const { id, state } = await create("RandomBytes", { length: 32 });
    expect(id).toBe("none");
    expect(Buffer.from(text(state, "base64"), "base64").toString("hex")).toBe(state.hex);
    expect(text(state, "hex")).toHaveLength(64);
    const again = await create("RandomBytes", { length: 32 });
    expect(again.state.hex).not.toBe(state.hex);
  });

  it("writes an identifier in four ways, each behind the prefix, and names the resource without it", async () => {
    const { id, state } = await create("RandomId", { byteLength: 8, prefix: "node-" });
    const hex = text(state, "hex").slice("node-".length);
    expect(hex).toMatch(/^[0-9a-f]{16}$/);
    expect(state.dec).toBe(`node-${BigInt(`0x${hex}`)}`);
    expect(state.b64Url).toBe(`node-${id}`);
    expect(state.b64Std).toBe(`node-${Buffer.from(hex, "hex").toString("base64")}`);
  });

  it("fills in the defaults of a password and says which output is left out", async () => {
    const context = callContext(token("RandomPassword"));
    const { id, state } = await kindOf("RandomPassword").create({ length: 20, special: false }, context);
    expect(id).toBe("none");
    expect(state).toMatchObject({ length: 20, lower: true, upper: true, numeric: true, number: true, minLower: 0 });
    expect(text(state, "result")).toMatch(/^[a-zA-Z0-9]{20}$/);
    expect(context.messages).toEqual(["stand-in: the output bcryptHash is left out"]);
  });

  it("identifies a string and a UUID by their value", async () => {
    const string = await create("RandomString", { length: 6, numeric: false, special: false, upper: false });
    expect(string.state.result).toMatch(/^[a-z]{6}$/);
    expect(string.id).toBe(string.state.result);
    const uuid = await create("RandomUuid", {});
    expect(uuid.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid.state.result).toBe(uuid.id);
  });

  it("draws nothing in a preview", async () => {
    expect(await create("RandomBytes", { length: 32 }, true)).toEqual({ id: "", state: { length: 32 } });
  });

  it("keeps secret what the SDK keeps secret", () => {
    expect(kindOf("RandomBytes").secretOutputs).toEqual(["base64", "hex"]);
    expect(kindOf("RandomPassword").secretOutputs).toEqual(["result", "bcryptHash"]);
    expect(kindOf("RandomString").secretOutputs).toEqual([]);
  });
});

describe("changes to random values", () => {
  it("sees no change where a default is written out, or keepers are written in another order", async () => {
    const difference = await diff(
      "RandomPassword",
      { length: 8, keepers: { a: "1", b: "2" } },
      { length: 8, special: true, keepers: { b: "2", a: "1" } },
    );
    expect(difference).toEqual({ changed: [], replaces: [] });
  });

  it.each([
    ["keepers", { length: 8, keepers: { rotation: "2" } }],
    ["length", { length: 9, keepers: { rotation: "1" } }],
    ["minLower", { length: 8, minLower: 1, keepers: { rotation: "1" } }],
  ])("replaces where %s changes", async (input, after) => {
    const difference = await diff("RandomPassword", { length: 8, keepers: { rotation: "1" } }, after);
    expect(difference).toEqual({ changed: [input], replaces: [input] });
  });
});

describe("wrong inputs of random values", () => {
  it("lists every mistake at once", async () => {
    expect(await check("RandomPassword", { length: 0, minLower: -1, upper: "yes", lenght: 3 })).toEqual([
      "length: found 0: must be 1 or more",
      'upper: found "yes": must be true or false',
      "minLower: found -1: must be 0 or more",
      expect.stringMatching(/^lenght: unknown input; remove it or use one of: keepers, length, lower/),
    ]);
  });

  it("refuses rules that contradict each other", async () => {
    const contradiction = { length: 3, minLower: 2, minUpper: 2, number: true, numeric: false, minNumeric: 1 };
    expect(await check("RandomPassword", contradiction)).toEqual([
      "number: found true: contradicts numeric; number is deprecated, keep numeric alone",
      "minNumeric: found 1: must be 0 while numeric is false",
      "length: found 3: must be at least 5, the sum of the minimums",
    ]);
    expect(
      await check("RandomString", { length: 3, lower: false, upper: false, numeric: false, special: false }),
    ).toEqual(["lower: found false: at least one of lower, upper, numeric, special must be true"]);
  });

  it("does not know pet names", () => {
    expect(randomTable.kind(token("RandomPet"))).toBeUndefined();
  });
});

describe("characters", () => {
  const rules = { lower: true, upper: true, numeric: true, special: true, minLower: 0, minUpper: 0 };

  it("honours every minimum, and its own special characters", () => {
    for (let round = 0; round < 50; round++) {
      const drawn = drawCharacters({
        ...rules,
        length: 8,
        minUpper: 2,
        minNumeric: 3,
        minSpecial: 3,
        overrideSpecial: "£",
      });
      expect([...drawn].filter((character) => /[A-Z]/.test(character))).toHaveLength(2);
      expect([...drawn].filter((character) => /[0-9]/.test(character))).toHaveLength(3);
      expect([...drawn].filter((character) => character === "£")).toHaveLength(3);
    }
  });

  it("favours no character and no place", () => {
    // 62 characters: the remainder of a byte would favour eight of them by a quarter.
    const letters = { ...rules, special: false, minNumeric: 0, minSpecial: 0 };
    const counts = new Map<string, number>();
    for (const drawn of drawCharacters({ ...letters, length: 620_000 }))
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    // Ten standard deviations (about 99 each) around 10 000: a fair draw leaves it less than once in 10^20.
    for (const [drawn, count] of counts) expect(Math.abs(count - 10_000), drawn).toBeLessThan(1000);
    expect(counts.size).toBe(62);
    const places = new Set<number>();
    for (let round = 0; round < 400; round++) {
      const drawn = drawCharacters({ ...rules, length: 4, minLower: 3, minUpper: 1, minNumeric: 0, minSpecial: 0 });
      places.add(drawn.search(/[A-Z]/));
    }
    expect([...places].sort()).toEqual([0, 1, 2, 3]);
  });
});
