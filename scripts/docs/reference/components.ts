import { fileOf, kinds, summaryOf, tagsOf, type Reflection, type TypeShape } from "./reflection";
import { typeText } from "./type-text";

/** One argument, output or field, as a reader meets it. */
export interface Member {
  /** Path from the arguments' own root, such as `clients[].cidr`. */
  readonly path: string;
  readonly type: TypeShape;
  readonly text: string;
  readonly says: string;
  /** What holds where it is left out; absent where it may not be. */
  readonly fallback?: string;
}

/** A component class: what it is made from, what it offers, what it refuses. */
export interface Component {
  readonly name: string;
  readonly file: string;
  readonly says: string;
  readonly args: readonly Member[];
  /** Parameters of the constructor beside the arguments, such as the Substrate. */
  readonly others: readonly Member[];
  readonly outputs: readonly Member[];
  readonly stopsOn: readonly string[];
}

/** Declarations by identifier and by name, with the questions that pages ask of them. */
export class Declarations {
  public readonly all: readonly Reflection[];
  private readonly byId: ReadonlyMap<number, Reflection>;

  public constructor(project: Reflection) {
    this.all = (project.children ?? []).flatMap((module) => module.children ?? []);
    this.byId = new Map(this.all.map((declaration) => [declaration.id, declaration]));
  }

  /** Every class under `components/` that is a Pulumi component, by name. */
  public components(): Component[] {
    return this.all
      .filter(({ kind, extendedTypes }) => kind === kinds.class && extendedTypes?.some(isComponentResource))
      .map((declaration) => this.component(declaration))
      .sort((left, right) => left.name.localeCompare(right.name));
  }

  /** The declaration that a type names, where it is the kit's own. */
  public named(type: TypeShape): Reflection | undefined {
    return typeof type.target === "number" ? this.byId.get(type.target) : undefined;
  }

  public declared(name: string): Reflection {
    const found = this.all.find((declaration) => declaration.name === name);
    if (found === undefined) throw new Error(`no declaration is named ${name}`);
    return found;
  }

  /** Fields of an interface or of an alias to an object; none where it is anything else. */
  public fieldsOf(declaration: Reflection, path = ""): Member[] {
    const aliased = declaration.type && this.named(declaration.type);
    if (aliased !== undefined) return this.fieldsOf(aliased, path);
    const children = declaration.children ?? declaration.type?.declaration?.children ?? [];
    return children.filter(({ kind }) => kind === kinds.property).flatMap((child) => this.members(child, path));
  }

  private component(declaration: Reflection): Component {
    const constructor = declaration.children?.find(({ name }) => name === "constructor")?.signatures?.[0];
    const [, args, ...others] = constructor?.parameters ?? [];
    const shape = args?.type;
    const named = shape && this.named(shape);
    return {
      name: declaration.name,
      file: fileOf(declaration),
      says: summaryOf(declaration),
      args: named ? this.fieldsOf(named) : (shape?.declaration?.children ?? []).flatMap((child) => this.members(child)),
      others: others
        .filter(({ name }) => name !== "options")
        .map((parameter) => this.member(parameter, parameter.name)),
      outputs: (declaration.children ?? [])
        .filter(({ kind, inheritedFrom, flags }) => kind === kinds.property && !inheritedFrom && !flags.isStatic)
        .map((child) => this.member(child, child.name)),
      stopsOn: constructor === undefined ? [] : tagsOf(constructor, "@throws"),
    };
  }

  /** The member itself, and those of an object that has no name of its own. */
  private members(reflection: Reflection, path = ""): Member[] {
    const own = this.member(reflection, path === "" ? reflection.name : `${path}.${reflection.name}`);
    const { shape, suffix } = innermost(reflection.type);
    // Members of a schema are listed on its own page.
    const inside = shape === undefined || schemaPage(shape) !== undefined ? [] : (shape.declaration?.children ?? []);
    return [own, ...inside.flatMap((child) => this.members(child, `${own.path}${suffix}`))];
  }

  /** What a named type says of itself holds for each member of that type. */
  private saysOfType(type: TypeShape): string {
    const { shape } = innermost(type);
    const named = shape && this.named(shape);
    return named === undefined ? "" : summaryOf(named);
  }

  private member(reflection: Reflection, path: string): Member {
    const type = reflection.type ?? { type: "intrinsic", name: "unknown" };
    const { says, fallback } = splitDefault(summaryOf(reflection) || this.saysOfType(type));
    const optional = reflection.flags.isOptional === true;
    return { path, type, text: typeText(type), says, ...(optional ? { fallback: fallback ?? "none" } : {}) };
  }
}

const isComponentResource = (type: TypeShape): boolean => type.name?.endsWith("ComponentResource") === true;

/** The page that lists the members of an object, where they stand in one of the two schemas; by path inside `docs/`. */
export function schemaPage({ type, declaration }: TypeShape): string | undefined {
  const file = type === "reflection" ? fileOf(declaration?.children?.[0] ?? noReflection) : "";
  if (file === "components/substrate.ts") return "reference/substrate.md";
  return file.startsWith("stacks/") ? "environments.md" : undefined;
}

const noReflection: Reflection = { id: 0, name: "", kind: 0, flags: {} };

/** What an array holds, and the mark of an entry in a path. */
function innermost(type: TypeShape | undefined): { shape?: TypeShape; suffix: string } {
  if (type?.type === "typeOperator" && typeof type.target === "object" && "type" in type.target)
    return innermost(type.target);
  if (type?.type === "array") {
    const { shape, suffix } = innermost(type.elementType);
    return { shape, suffix: `[]${suffix}` };
  }
  return { shape: type, suffix: "" };
}

/** A docstring may end in a sentence `Default: …`, which has a column of its own. */
function splitDefault(says: string): { says: string; fallback?: string } {
  const found = /\s*\bDefault: ([^.]*(?:\.(?!\s|$)[^.]*)*)\.?\s*/.exec(says);
  if (found === null) return { says };
  const rest = `${says.slice(0, found.index)} ${says.slice(found.index + found[0].length)}`.trim();
  return { says: rest, fallback: found[1] ?? "" };
}
