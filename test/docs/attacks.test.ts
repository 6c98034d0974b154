import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { docsFolder } from "../../scripts/docs/markdown";

const page = readFileSync(join(docsFolder, "attacks.md"), "utf8");
const [, table = ""] = page.split("| tried in");
const rows = (table.split("\n## ")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
  .map((line) => line.split(/ +\| +/))
  .map(([attack = "", , tried = ""]) => ({ attack: attack.replace(/^\| /, ""), tried }));

/** Tests that a cell names, by file. */
const named = (text: string): [string, string][] =>
  [...text.matchAll(/\]\(([^)]+\.test\.ts)\): ([^[]*)/g)].flatMap(([, path = "", names = ""]) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name = ""]): [string, string] => [path, name]),
  );

const isThere = ([path, name]: [string, string]): boolean => {
  const source = readFileSync(join(docsFolder, path), "utf8");
  return ['"', "`", "'"].some((quote) => source.includes(`${quote}${name}${quote}`));
};

describe("the page of attacks", () => {
  it("has all of them, each tried in a test", () => {
    expect(rows.length).toBeGreaterThanOrEqual(34);
    expect(rows.filter(({ tried }) => named(tried).length === 0).map(({ attack }) => attack)).toEqual([]);
  });

  it("names tests that are there, under those names", () => {
    expect(named(page).filter((one) => !isThere(one))).toEqual([]);
  });

  it("would miss a test that is not there", () => {
    expect(isThere(["../test/docs/attacks.test.ts", ["no test", "of that name"].join(" ")])).toBe(false);
  });
});
