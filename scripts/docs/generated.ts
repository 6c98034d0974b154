import { formatted, withPart } from "./markdown";
import { flowsPart } from "./parts/flows";
import { settingsPart } from "./parts/settings";
import { readComponents, referencePages } from "./reference/reference";
import type { Declarations } from "./reference/components";

/**
 * Every page of the documentation that is written from the code, whole or in part, by path inside `docs/`.
 *
 * @param declarations what was read already; default: the sources are read now.
 */
export async function generatedPages(declarations?: Declarations): Promise<Map<string, string>> {
  const markdown = new Map([
    ["environments.md", withPart("environments.md", "settings", settingsPart())],
    ["flows.md", withPart("flows.md", "flows", flowsPart())],
    ...referencePages(declarations ?? (await readComponents())),
  ]);
  const pages = new Map<string, string>();
  for (const [file, page] of markdown) pages.set(file, await formatted(page, file));
  return pages;
}
