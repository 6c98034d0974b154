import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const repository = resolve(__dirname, "../..");

const pages = [
  ...readdirSync(repository).map((file) => join(repository, file)),
  ...readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" }).map((file) =>
    join(repository, "docs", file),
  ),
].filter((file) => file.endsWith(".md"));

/** Headings as the anchors that Git hosts make of them. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

function brokenLinks(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    const whole = existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
    return whole ? [] : [target];
  });
}

describe("the documentation", () => {
  test.each(pages.map((page) => [relative(repository, page), page]))("%s links to what is there", (_name, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});
