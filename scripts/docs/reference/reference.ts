import { code, markdownTable } from "../markdown";
import { makingsOf, recordedExamples } from "./children";
import { componentPage, memberTable, pageOf, TypeLinks } from "./component-page";
import { Declarations, type Component } from "./components";
import { kinds, readDeclarations, summaryOf, tagsOf, type Reflection } from "./reflection";
import { zodFields } from "./zod-fields";

const folder = "reference";

/** The reference: a page for each component and one for the Substrate, by path inside `docs/`. */
export function referencePages(declarations: Declarations): Map<string, string> {
  const components = declarations.components();
  return new Map([
    [`${folder}/README.md`, indexPage(components)],
    [`${folder}/substrate.md`, substratePage(declarations)],
    ...components.map((component): [string, string] => [
      `${folder}/${pageOf(component.name)}`,
      componentPage(component, declarations),
    ]),
  ]);
}

/** All declarations. @throws Error when the sources cannot be read at all. */
export const readComponents = async (): Promise<Declarations> => new Declarations(await readDeclarations());

function indexPage(components: readonly Component[]): string {
  const byName = new Map(components.map((component) => [component.name, component]));
  const examples = [...recordedExamples().keys()];
  const rows = (inside: (file: string) => boolean) =>
    components
      .filter(({ file }) => inside(file))
      .map(({ name, says }) => {
        const makings = makingsOf(name);
        const count = (example: string) => makings.find((making) => making.example === example)?.names.length;
        return [`[${name}](${pageOf(name)})`, says, ...examples.map((example) => `${count(example) ?? "–"}`)];
      });
  const head = ["component", "what it is", ...examples];
  const ofFoundation = (file: string) => file.startsWith("components/foundation/");
  return [
    "# Reference",
    `A page for each of the kit's ${byName.size} components, written from the docstrings of its source; what each makes comes from the registrations that the tests record of the worked examples. \`npm run docs\` writes it all anew, and a test fails when a page and the source differ.`,
    "The numbers say how many of each stand in a worked example.",
    "## The foundation",
    markdownTable(head, rows(ofFoundation)),
    "## The platform",
    "The same on every footprint; it sees the [Substrate](substrate.md) and nothing below it.",
    markdownTable(
      head,
      rows((file) => !ofFoundation(file)),
    ),
    "",
  ].join("\n\n");
}

function substratePage(declarations: Declarations): string {
  const substrate = declarations.declared("Substrate");
  const schema = declarations.declared("substrateSchema");
  const links = new TypeLinks(declarations);
  const methods = (substrate.children ?? []).filter(({ kind }) => kind === kinds.method);
  return [
    "# Substrate",
    summaryOf(schema),
    summaryOf(substrate),
    "[components/substrate.ts](../../components/substrate.ts)",
    "## Facts",
    memberTable("fact", zodFields(schema.type), links, true),
    "## Questions it answers",
    ...methods.flatMap(methodText),
    ...links.sections(),
    "",
  ].join("\n\n");
}

function methodText(method: Reflection): string[] {
  const parameters = (method.signatures?.[0]?.parameters ?? []).map(({ name }) => name).join(", ");
  const refusals = tagsOf(method, "@throws").map((reason) => `Stops: ${reason}`);
  return [`### ${code(`${method.name}(${parameters})`)}`, summaryOf(method), ...refusals];
}
