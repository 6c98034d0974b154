import { parse } from "yaml";

/** Stands in a path where the value before it is text that holds a document: JSON or YAML. */
export const DOCUMENT = Symbol("document");

export type Segment = string | number | typeof DOCUMENT;
export type FieldPath = readonly Segment[];

const documents = new Map<string, unknown>();

/** The object or list that a text holds; undefined for text that holds none, such as a name or a certificate. */
export function documentIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text) && !/^[\w#-].*\n/.test(text)) return undefined;
  if (!documents.has(text)) {
    let found: unknown;
    try {
      found = parse(text) as unknown;
    } catch {
      found = undefined;
    }
    documents.set(text, found instanceof Object ? found : undefined);
  }
  return documents.get(text);
}

/** Lists whose elements have names of their own, which say what they are for: each is a mutant by itself. */
const named = /^(args|env|http_filters|actions|resource_monitors|apiServerArguments)$/;

/** `--flag` of an argument or of the one that it is the value of, or the name of a variable or a filter. */
function nameIn(list: unknown, index: number): string {
  const elements = Array.isArray(list) ? (list as unknown[]) : [];
  const element = elements[index];
  if (element instanceof Object) return String((element as { readonly name?: string }).name ?? "");
  const flags = elements.slice(0, index + 1).map((one) => /^(--?[\w.-]+|[\w-]+(?==))/.exec(String(one))?.[1]);
  return flags.at(-1) ?? flags.at(-2) ?? "";
}

/**
 * A path as people write it: `policy#.Statement[].Effect`; places in lists are left out, so that copies are told alike.
 *
 * @param root in which the path leads somewhere: elements that have names are then told by them, as `args[--host]`.
 */
export function pattern(path: FieldPath, root?: unknown): string {
  return path
    .map((segment, at) => {
      if (segment === DOCUMENT) return "#";
      if (typeof segment === "number" && root !== undefined && named.test(String(path[at - 1])))
        return `[${nameIn(valueAt(root, path.slice(0, at)), segment)}]`;
      if (typeof segment === "number") return "[]";
      return /^[\w-]+$/.test(segment) ? `.${segment}` : `["${segment}"]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** A path with its places: `spec.rules[0].verbs[2]`. */
export const place = (path: FieldPath): string => {
  let position = 0;
  const places = path.filter((segment) => typeof segment === "number");
  return pattern(path).replaceAll("[]", () => `[${places[position++]}]`);
};

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, [first, ...rest]: FieldPath): unknown {
  if (first === undefined) return value;
  if (first === DOCUMENT) return typeof value === "string" ? valueAt(documentIn(value), rest) : undefined;
  return value instanceof Object ? valueAt((value as Record<string | number, unknown>)[first], rest) : undefined;
}

/** What takes the place of a value: undefined removes it. */
export type Change = (value: unknown) => unknown;

/** A copy in which the value at a path is changed; the same object where the path leads nowhere. */
export function changed(value: unknown, [first, ...rest]: FieldPath, change: Change): unknown {
  if (first === undefined) return change(value);
  if (first === DOCUMENT) {
    const document: unknown = typeof value === "string" ? documentIn(value) : undefined;
    return document === undefined ? value : JSON.stringify(changed(document, rest, change));
  }
  if (Array.isArray(value)) {
    const next = changed(value[Number(first)], rest, change);
    return next === undefined
      ? value.filter((_, index) => index !== first)
      : value.map((one: unknown, index): unknown => (index === first ? next : one));
  }
  if (!(value instanceof Object) && rest.length > 0) return value;
  const { [first]: before, ...others } = (value ?? {}) as Record<string | number, unknown>;
  const next = changed(before, rest, change);
  return next === undefined ? others : { ...others, [first]: next };
}

/** Every leaf: a value that is no object, or an empty one, however deep it lies, in documents too. */
export function* leavesOf(value: unknown, path: FieldPath = []): Generator<FieldPath> {
  if (typeof value === "string") {
    const document = documentIn(value);
    if (document === undefined) yield path;
    else yield* leavesOf(document, [...path, DOCUMENT]);
  } else if (value instanceof Object && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value as object))
      yield* leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  } else if (path.length > 0) {
    yield path;
  }
}

/** Every element of a list that is an object itself: a statement, a rule, a container. */
export function* elementsOf(value: unknown, path: FieldPath = []): Generator<FieldPath> {
  if (typeof value === "string") {
    const document = documentIn(value);
    if (document !== undefined) yield* elementsOf(document, [...path, DOCUMENT]);
  } else if (value instanceof Object) {
    for (const [key, inner] of Object.entries(value as object)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      if (Array.isArray(value) && inner instanceof Object) yield at;
      yield* elementsOf(inner, at);
    }
  }
}
