import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { KitError } from "../../components/kit-error";
import {
  environmentJsonSchema,
  environmentNames,
  parseEnvironment,
  parseStackName,
  readEnvironment,
  stacksFolder,
} from "../../stacks/environment";

const examples = environmentNames();
const textOf = (name: string) => readFileSync(join(stacksFolder, `${name}.yaml`), "utf8");
const mistakesOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof KitError) return error.mistakes;
    throw error;
  }
  return [];
};

describe("the examples", () => {
  it.each(examples)("%s is valid, and says which schema it follows", (name) => {
    expect(readEnvironment(name).name).toBe(name);
    expect(textOf(name)).toMatch(/^# yaml-language-server: \$schema=\.\/environment\.schema\.json\n/);
  });

  it("get defaults where they say nothing", () => {
    expect(readEnvironment("on-prem")).toMatchObject({
      auditRetentionDays: 2190,
      frameworks: ["gdpr", "hipaa", "pci-dss", "nist-800-53"],
      platform: {
        door: { certificateDays: 90, renewBeforeDays: 30 },
        // Nobody is without a limit because nobody wrote one.
        limits: { person: { requestsPerMinute: 60, tokensPerHour: 250_000 }, groups: [] },
        models: [{ gpusPerReplica: 1 }],
      },
    });
    expect(readEnvironment("private-cloud").footprint).toMatchObject({ systemPool: { nodes: 3 } });
  });
});

describe("an environment that is not there", () => {
  it("is told with those that are", () => {
    expect(mistakesOf(() => readEnvironment("nowhere"))).toEqual([
      {
        path: "stacks/nowhere.yaml",
        found: "no file",
        allowed: "colocation, on-prem, private-cloud",
        mend: "name one of them, or copy one to stacks/nowhere.yaml and edit it",
      },
    ]);
  });

  it("is not looked for among the stacks' own settings", () => {
    expect(examples.some((name) => name.startsWith("Pulumi."))).toBe(false);
  });
});

describe("a stack's name", () => {
  it.each([
    ["on-prem-foundation", { environment: "on-prem", layer: "foundation" }],
    ["a-platform-platform", { environment: "a-platform", layer: "platform" }],
  ])("%s says environment and layer", (stack, parts) => expect(parseStackName(stack)).toEqual(parts));

  it.each(["on-prem", "dev", "on-prem-platforms", "platform"])("%s belongs to no layer", (stack) => {
    expect(mistakesOf(() => parseStackName(stack))).toMatchObject([{ path: "stack name", found: stack }]);
  });
});

describe("the JSON Schema that editors read", () => {
  const committed = readFileSync(join(stacksFolder, "environment.schema.json"), "utf8");
  const editor = z.fromJSONSchema(JSON.parse(committed) as Parameters<typeof z.fromJSONSchema>[0]);

  it("is the one that the shape makes", () => {
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(environmentJsonSchema())));
  });

  it.each(examples)("accepts %s", (name) => {
    expect(editor.safeParse(parse(textOf(name))).error?.issues ?? []).toEqual([]);
  });

  const folder = join(__dirname, "invalid");
  const ofShape = readdirSync(folder).filter((file) => /^(?!relation-|many-relations|yaml-).*\.yaml$/.test(file));
  it.each(ofShape.map((file) => basename(file, ".yaml")))("refuses %s, as the parser does", (fixture) => {
    expect(editor.safeParse(parse(readFileSync(join(folder, `${fixture}.yaml`), "utf8"))).success).toBe(false);
  });
});

describe("whatever a person writes", () => {
  const lines = fc.constantFrom(...examples).chain((name) => {
    const text = textOf(name);
    return fc.record({ name: fc.constant(name), text: fc.constant(text), at: fc.nat(text.length - 1) });
  });
  const scrap = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "\t",
      "\n",
      ":",
      "- ",
      "{",
      "}",
      "[",
      "*a",
      "&a ",
      "!!binary ",
      "? ",
      "<<: ",
      "|",
      ">",
      "%",
      "---\n",
      "\0",
    ),
    fc.constantFrom("null", "~", "1e999", "-0", "0x10", "2026-01-01", "__proto__: ", "constructor: ", "toString: "),
  );
  const onlyKitErrors = (name: string, text: string) =>
    void mistakesOf(() => parseEnvironment(text, `stacks/${name}.yaml`));

  it("is answered with mistakes or with an environment, never with a crash: text put in, taken out, or moved", () => {
    fc.assert(
      fc.property(lines, scrap, fc.nat(40), ({ name, text, at }, piece, length) => {
        onlyKitErrors(name, text.slice(0, at) + piece + text.slice(at + length));
        onlyKitErrors(name, text.slice(at) + text.slice(0, at));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("is answered so too when any one value is replaced by another kind of value", () => {
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(), fc.jsonValue({ maxDepth: 2 }), (name, seed, value) => {
        const tree: unknown = parse(textOf(name));
        const places = placesIn(tree);
        const { holder, key } = places[seed % places.length] ?? { holder: {}, key: "" };
        holder[key] = value;
        const mistakes = mistakesOf(() => parseEnvironment(JSON.stringify(tree), `stacks/${name}.yaml`));
        const told = mistakes.map(({ found, allowed, mend }) => `${found} ${allowed} ${mend}`).join("\n");
        expect(told).not.toMatch(/\b(undefined|NaN)\b|\[object /);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

type Holder = Record<string, unknown>;

/** Every place in a tree whose value can be replaced. */
function placesIn(tree: unknown): { holder: Holder; key: string }[] {
  if (typeof tree !== "object" || tree === null) return [];
  return Object.entries(tree).flatMap(([key, child]) => [{ holder: tree as Holder, key }, ...placesIn(child)]);
}
