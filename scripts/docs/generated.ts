import { readEnvironment, type Environment } from "../../stacks/environment";
import { markdownGuide } from "../guide/markdown-guide";
import { footprints, guidePage } from "../guide/page";
import type { Footprint } from "../guide/text/texts";
import { formatted, withPart } from "./markdown";
import { controlPages, controlsPart, parametersPart } from "./parts/controls";
import { dataFlowPart } from "./parts/data-flow";
import { dataFlowPicture } from "./parts/data-flow-picture";
import { flowsPart } from "./parts/flows";
import { responsibilitiesPart } from "./parts/responsibilities";
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
    ["environments.md", withPart("environments.md", { settings: settingsPart() })],
    ["controls.md", withPart("controls.md", { controls: controlsPart(), parameters: parametersPart() })],
    ...controlPages(),
    ["data-flow.md", withPart("data-flow.md", { "data-flow": dataFlowPart() })],
    ["responsibilities.md", withPart("responsibilities.md", { responsibilities: responsibilitiesPart() })],
    ["flows.md", withPart("flows.md", { flows: flowsPart() })],
    ...footprints.map((footprint): [string, string] => [`footprints/${footprint}.md`, markdownGuide(footprint)]),
    ...referencePages(declarations ?? (await readComponents())),
  ]);
  const pages = new Map<string, string>();
  for (const [file, page] of markdown) pages.set(file, await formatted(page, file));
  // Pages of HTML stay as they are written: nobody edits them, and no formatter knows the hash of their style.
  for (const footprint of footprints) pages.set(`guides/${footprint}.html`, guidePage(exampleOf(footprint), true));
  pages.set("data-flow.svg", dataFlowPicture());
  return pages;
}

/** The worked example of a footprint has its name. */
const exampleOf = (footprint: Footprint): Environment => readEnvironment(footprint);
