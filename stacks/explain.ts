import { isCollection, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import type { Mistake } from "../components/kit-error";

type Path = readonly PropertyKey[];
type Schema = z.core.$ZodType;
type Keyed = Record<PropertyKey, unknown>;

/** A YAML text with the places of its values. */
export class SourceDocument {
  private readonly document: Document.Parsed;
  private readonly lines = new LineCounter();

  public constructor(text: string) {
    this.document = parseDocument(text, {
      lineCounter: this.lines,
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: "error",
    });
  }

  /**
   * Errors of YAML itself: tabs, wrong indentation, keys given twice, an alias of nothing. Of errors of grammar only the
   * first is told: the parser has lost its place then, and what follows is mostly its echo.
   */
  public mistakes(file: string): Mistake[] {
    const grammar = this.document.errors.find((error) => error.code !== "DUPLICATE_KEY");
    const told = grammar === undefined ? this.document.errors : [grammar];
    const mistake = (path: string, found: string): Mistake => ({
      path,
      found,
      allowed: "valid YAML 1.2 with each key once",
      mend: "correct the line; an editor with YAML support shows the place",
    });
    if (grammar?.code === "MULTIPLE_DOCS") {
      return [
        {
          path: `${file} line ${this.lines.linePos(grammar.pos[0]).line}`,
          found: "a second document, which the line `---` begins",
          allowed: "one document in each file",
          mend: "remove the line, or move what follows it into a file of its own",
        },
      ];
    }
    if (told.length > 0) {
      return told.map((error) => mistake(`${file} line ${this.lines.linePos(error.pos[0]).line}`, error.message));
    }
    try {
      this.value();
      return [];
    } catch (error) {
      return [mistake(file, error instanceof Error ? error.message : String(error))];
    }
  }

  public value(): unknown {
    return this.document.toJS();
  }

  /** `platform.models[0].replicas (line 34)`, or the line of the nearest thing that exists. */
  public place(path: Path): string {
    const text = path.reduce<string>(
      (sum, key) => (typeof key === "number" ? `${sum}[${key}]` : sum === "" ? String(key) : `${sum}.${String(key)}`),
      "",
    );
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = this.document.getIn(path.slice(0, length), true);
      if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
        return `${text === "" ? "the file" : text} (line ${this.lines.linePos(node.range[0] as number).line})`;
      }
    }
    return text === "" ? "the file" : text;
  }

  public valueAt(path: Path): unknown {
    const value: unknown = this.document.getIn(path);
    return isCollection(value) ? (value.toJSON() as unknown) : value;
  }

  public found(path: Path): string {
    const plain = this.valueAt(path);
    if (plain === undefined) return "nothing";
    const text = JSON.stringify(plain);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  }
}

const inner = (schema: Schema): Schema | undefined => {
  const { def } = schema._zod as { def: { innerType?: Schema; in?: Schema } };
  return def.innerType ?? def.in;
};

/** The schema that stands at a path, through wrappers and along the option that the discriminator chose. */
function schemaAt(schema: Schema | undefined, path: Path, value: unknown): Schema | undefined {
  if (schema === undefined) return undefined;
  const wrapped = inner(schema);
  const def = schema._zod.def as {
    type: string;
    shape?: Record<string, Schema>;
    element?: Schema;
    valueType?: Schema;
  };
  if (wrapped !== undefined) return path.length === 0 ? schema : schemaAt(wrapped, path, value);
  if (path.length === 0) return schema;
  const [key, ...rest] = path;
  const child = (value as Keyed | undefined)?.[key ?? ""];
  const shape = def.shape ?? shapeOfOption(schema, value);
  return schemaAt(shape?.[String(key)] ?? def.element ?? def.valueType, rest, child);
}

/** The shape of the option that a value's discriminator chose, where the schema is such a union. */
function shapeOfOption(schema: Schema, value: unknown): Record<string, Schema> | undefined {
  const { options, discriminator } = schema._zod.def as { options?: Schema[]; discriminator?: string };
  if (options === undefined || discriminator === undefined) return undefined;
  const shapes = options.map((option) => (option._zod.def as unknown as { shape: Record<string, Schema> }).shape);
  return shapes.find((shape) => {
    const literal = shape[discriminator]?._zod.def as unknown as { values?: unknown[] } | undefined;
    return literal?.values?.includes((value as Keyed | undefined)?.[discriminator]);
  });
}

interface Meta {
  readonly description?: string;
  readonly allowed?: string;
  readonly mend?: string;
}

function metaOf(schema: Schema | undefined): Meta {
  const collected: Meta[] = [];
  for (let current = schema; current !== undefined; current = inner(current)) {
    collected.push((current as z.ZodType).meta?.() ?? {});
  }
  return Object.assign({}, ...collected.reverse()) as Meta;
}

/** The settings that a group may have, through wrappers and along the option that the value chose. */
function keysOf(schema: Schema | undefined, value: unknown): string[] {
  if (schema === undefined) return [];
  const wrapped = inner(schema);
  if (wrapped !== undefined) return keysOf(wrapped, value);
  const { shape } = schema._zod.def as { shape?: object };
  return Object.keys(shape ?? shapeOfOption(schema, value) ?? {});
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((current, key) => (current as Keyed | undefined)?.[key], value);

/** What a person calls the types of JSON. */
const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  object: "a group of settings",
  record: "a group of settings",
  string: "text",
};

function allowedBy(issue: z.core.$ZodIssue, found: unknown): string {
  // Quoted where it is text that was asked for: 1.36 is a number, and "1.36" is not.
  const write = (value: unknown) => (typeof found === typeof value ? String(value) : JSON.stringify(value));
  if (issue.code === "invalid_value") return issue.values.map(write).join(", ");
  if (issue.code === "invalid_type") return typeNames[issue.expected] ?? `a ${issue.expected}`;
  if (issue.code === "too_small") return `${String(issue.minimum)} or more`;
  if (issue.code === "too_big") return `${String(issue.maximum)} or less`;
  return issue.message;
}

/** Turns what zod found into mistakes that name place, find, allowance and mend. */
export function explain(shape: Schema, source: SourceDocument, issues: readonly z.core.$ZodIssue[]): Mistake[] {
  const value = source.value();
  return issues.flatMap((issue): Mistake[] => {
    const schema = schemaAt(shape, issue.path, value);
    if (issue.code === "unrecognized_keys") {
      const known = keysOf(schema, valueAt(value, issue.path));
      return issue.keys.map((key) => ({
        path: source.place([...issue.path, key]),
        found: `an unknown setting ${JSON.stringify(key)}`,
        allowed: known.join(", ") || "no settings",
        mend: "correct its spelling, or remove it",
      }));
    }
    if (issue.code === "invalid_union" && "options" in issue) {
      const options = (issue.options as unknown[]).map(String).join(", ");
      return [
        {
          path: source.place(issue.path),
          found: source.found(issue.path),
          allowed: options,
          mend: "choose one of them",
        },
      ];
    }
    const meta = metaOf(schema);
    const missing = source.found(issue.path) === "nothing";
    const useList = issue.code === "invalid_value" || meta.allowed === undefined;
    return [
      {
        path: source.place(issue.path),
        found: source.found(issue.path),
        allowed: useList ? allowedBy(issue, source.valueAt(issue.path)) : (meta.allowed ?? ""),
        mend: missing
          ? `add it${meta.description === undefined ? "" : `: ${meta.description}`}`
          : (meta.mend ?? "write one of what is allowed"),
      },
    ];
  });
}

/** The value with the defaults of its schema filled in, as far as its shape allows; wrong parts are left as they are. */
export function withDefaults(schema: Schema, value: unknown): unknown {
  const def = schema._zod.def as {
    type: string;
    defaultValue?: unknown;
    shape?: Record<string, Schema>;
    element?: Schema;
  };
  const wrapped = inner(schema);
  if (wrapped !== undefined) return withDefaults(wrapped, value ?? def.defaultValue);
  if (Array.isArray(value) && def.element !== undefined) {
    const { element } = def;
    return value.map((item) => withDefaults(element, item));
  }
  if (typeof value !== "object" || value === null) return value;
  const shape = def.shape ?? shapeOfOption(schema, value);
  if (shape === undefined) return value;
  const filled = Object.entries(shape).map(
    ([key, child]) => [key, withDefaults(child, (value as Keyed)[key])] as const,
  );
  return { ...value, ...Object.fromEntries(filled.filter(([, child]) => child !== undefined)) };
}
