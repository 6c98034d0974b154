import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { leftOver } from "../../scripts/docs/command";
import { generatedPages } from "../../scripts/docs/generated";
import { docsFolder } from "../../scripts/docs/markdown";
import type { Component, Declarations } from "../../scripts/docs/reference/components";
import { readComponents } from "../../scripts/docs/reference/reference";

let declarations: Declarations;
let pages: Map<string, string>;

beforeAll(async () => {
  declarations = await readComponents();
  pages = await generatedPages(declarations);
});

describe("the generated pages", () => {
  it("say what the code says today: `npm run docs` mends them", async () => {
    for (const [file, page] of pages) await expect(page).toMatchFileSnapshot(join(docsFolder, file));
  });

  it("outlive nothing that they describe", () => {
    expect(leftOver(pages)).toEqual([]);
  });
});

/** Where a component leaves a reader without a word. */
function silences({ name, says, args, others, outputs }: Component): string[] {
  const members = [...args, ...others, ...outputs].filter((member) => member.says === "");
  return [...(says === "" ? [name] : []), ...members.map(({ path }) => `${name}.${path}`)];
}

describe("the components", () => {
  it("have a docstring on each, on every argument and on every output", () => {
    expect(declarations.components().flatMap(silences)).toEqual([]);
  });
});
