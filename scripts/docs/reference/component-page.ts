import { code, markdownTable } from "../markdown";
import { makingsOf, type Making } from "./children";
import { schemaPage, type Component, type Declarations, type Member } from "./components";
import { fileOf, summaryOf, type Reflection, type TypeShape } from "./reflection";
import { typeText } from "./type-text";

/** File of a class's page, inside `docs/reference/`. */
export const pageOf = (name: string): string =>
  `${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase()}.md`;

/** A page of its own instead of a section at the end of every page that names the type. */
const ownPages: ReadonlyMap<string, string> = new Map([
  ["Substrate", "substrate.md"],
  ["SubstrateFacts", "substrate.md"],
]);

/** The reference page of one component. */
export function componentPage(component: Component, declarations: Declarations): string {
  const links = new TypeLinks(declarations);
  const makings = makingsOf(component.name);
  const sections = [
    `# ${component.name}`,
    component.says,
    `${code(`cloister:index:${component.name}`)} · [${component.file}](../../${component.file})`,
    "## Where it stands",
    whereItStands(makings),
    "## Arguments",
    memberTable("argument", component.args, links, true),
    ...(component.others.length > 0
      ? ["And beside them:", memberTable("parameter", component.others, links, true)]
      : []),
    "## Outputs",
    component.outputs.length > 0 ? memberTable("output", component.outputs, links, false) : "None.",
    "## What it makes",
    whatItMakes(makings),
    ...(component.stopsOn.length > 0 ? ["## What stops it", ...component.stopsOn.map((reason) => `- ${reason}`)] : []),
  ];
  return `${[...sections, ...links.sections()].join("\n\n")}\n`;
}

/** A table of members: name, type, what it is and, for what is given, what holds where it is left out. */
export function memberTable(head: string, members: readonly Member[], links: TypeLinks, given: boolean): string {
  if (members.length === 0) return "None.";
  const rows = members.map(({ path, type, text, says, fallback }) => [
    code(path),
    links.linked(type, text),
    says,
    ...(given ? [fallback === undefined ? "required" : fallback] : []),
  ]);
  return markdownTable([head, "type", "what it is", ...(given ? ["where left out"] : [])], rows);
}

function whereItStands(makings: readonly Making[]): string {
  if (makings.length === 0) return "In none of the worked examples: they leave out what asks for it.";
  const parents = [...new Set(makings.flatMap(({ parent }) => parent ?? []))];
  const by =
    parents.length === 0
      ? "The program makes it itself."
      : `Made by ${parents.map((parent) => `[${parent}](${pageOf(parent)})`).join(", ")}.`;
  const rows = makings.map(({ example, names }) => [code(example), names.map(code).join(", ")]);
  return `${by}\n\n${markdownTable(["worked example", "names"], rows)}`;
}

function whatItMakes(makings: readonly Making[]): string {
  const types = [...new Set(makings.flatMap(({ children }) => children.map(({ type }) => type)))].sort();
  if (types.length === 0) return makings.length === 0 ? "See its source." : "No resource of its own.";
  const childrenOf = (making: Making, type: string) => making.children.find((child) => child.type === type);
  const rows = types.map((type) => [
    typeLink(type),
    rolesText(makings.flatMap((making) => childrenOf(making, type)?.roles ?? [])),
    ...makings.map((making) => `${childrenOf(making, type)?.roles.length ?? 0}`),
  ]);
  return markdownTable(["type", "role in the name", ...makings.map(({ example }) => example)], rows);
}

function typeLink(type: string): string {
  const own = /^cloister:index:(\w+)$/.exec(type)?.[1];
  return own === undefined ? code(type) : `[${own}](${pageOf(own)})`;
}

const shown = 4;

function rolesText(roles: readonly string[]): string {
  const each = [...new Set(roles)].sort();
  const rest = each.length - shown;
  // One more would take as much room as saying that there is one more.
  if (rest <= 1) return each.map(code).join(", ");
  return `${each.slice(0, shown).map(code).join(", ")} and ${rest} more`;
}

/** Links from a type's text to what it names, and the sections at the end of the page that they lead to. */
export class TypeLinks {
  private readonly wanted: Reflection[] = [];

  public constructor(private readonly declarations: Declarations) {}

  public linked(type: TypeShape, text: string): string {
    const schema = schemaPage(type);
    if (schema !== undefined) return `[${code(text)}](../${schema})`;
    const named = this.namedIn(type);
    if (named === undefined) return code(text);
    const file = fileOf(named);
    const own = ownPages.get(named.name);
    if (own !== undefined) return `[${code(text)}](${own})`;
    if (file.startsWith("stacks/")) return `[${code(text)}](../environments.md)`;
    if (!this.wanted.includes(named)) this.wanted.push(named);
    return `[${code(text)}](#${named.name.toLowerCase()})`;
  }

  /** Sections of the named types, and of those that they name in turn. */
  public sections(): string[] {
    const sections: string[] = [];
    for (let index = 0; index < this.wanted.length; index += 1) {
      const declaration = this.wanted[index]!;
      const fields = this.declarations.fieldsOf(declaration);
      const shape = fields.length > 0 ? memberTable("field", fields, this, true) : this.aliasText(declaration);
      sections.push([`### ${declaration.name}`, summaryOf(declaration), shape].filter(Boolean).join("\n\n"));
    }
    return sections.length === 0 ? [] : ["## Types", ...sections];
  }

  /** A choice among the entries of a list, or the keys of a table, is said as what may be chosen. */
  private aliasText({ type }: Reflection): string {
    if (type === undefined) return "";
    const listed = type.objectType?.queryType ?? (type.operator === "keyof" ? queried(type.target) : undefined);
    const list = listed && this.declarations.named(listed);
    const choices = list === undefined ? [] : choicesOf(list);
    return choices.length > 0 ? choices.map(code).join(", ") : this.linked(type, typeText(type));
  }

  /** The first of the kit's own declarations that a type leads to. */
  private namedIn(type: TypeShape): Reflection | undefined {
    const named = this.declarations.named(type);
    if (named !== undefined) return named;
    const inside = [
      type.elementType,
      typeof type.target === "object" && "type" in type.target ? type.target : undefined,
    ];
    for (const part of [...inside, ...(type.typeArguments ?? []), ...(type.types ?? [])]) {
      const found = part && this.namedIn(part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const queried = (target: TypeShape["target"]): TypeShape | undefined =>
  typeof target === "object" && "queryType" in target ? target.queryType : undefined;

function choicesOf({ type, children }: Reflection): string[] {
  const tuple = typeof type?.target === "object" && "elements" in type.target ? type.target.elements : undefined;
  if (tuple !== undefined) return tuple.map(({ value }) => String(value));
  return (children ?? type?.declaration?.children ?? []).map(({ name }) => name);
}
