import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { KitError } from "../../components/kit-error";
import { parseEnvironment } from "../../stacks/environment";

const folder = join(__dirname, "invalid");
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => basename(file, ".yaml"));
const footprints = ["on-prem", "private-cloud", "colocation"];

/** The file each fixture pretends to be: the one of its footprint, whose name it has or should have. */
const pretended = (text: string): string =>
  `stacks/${footprints.find((name) => text.includes(`kind: ${name}`)) ?? "on-prem"}.yaml`;

function mistakesOf(text: string): KitError {
  try {
    parseEnvironment(text, pretended(text));
  } catch (error) {
    if (error instanceof KitError) return error;
    throw error;
  }
  throw new Error("the fixture is valid");
}

/** What the fixtures were made from: were one of these invalid too, a fixture would prove nothing. */
it.each(footprints)("accepts the %s environment that the fixtures break", (name) => {
  const text = readFileSync(join(__dirname, `valid-${name}.yaml`), "utf8");
  expect(parseEnvironment(text, `stacks/${name}.yaml`).name).toBe(name);
});

describe("an invalid environment", () => {
  it.each(fixtures)("%s is told with every mistake, its place, and how to mend it", async (fixture) => {
    const error = mistakesOf(readFileSync(join(folder, `${fixture}.yaml`), "utf8"));
    expect(error.mistakes.length).toBeGreaterThan(0);
    const places = error.mistakes.map(({ path }) => path);
    expect(places, "each place is listed once").toEqual([...new Set(places)]);
    for (const mistake of error.mistakes) {
      for (const [part, text] of Object.entries(mistake)) {
        expect(text, `${part} of ${mistake.path}`).toMatch(/\S/);
        expect(text, `${part} of ${mistake.path}`).not.toMatch(/undefined|\[object|NaN|Invalid input/);
      }
    }
    await expect(`${error.message}\n`).toMatchFileSnapshot(join(folder, `${fixture}.expected.txt`));
  });
});
