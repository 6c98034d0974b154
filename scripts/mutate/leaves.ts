import { parse as parseYaml, stringify as stringifyYaml } from "yaml";

/** Names and indexes on the way to a value. */
export type Path = readonly (string | number)[];

/** One value of a resource that is no list and no object. */
export interface Leaf {
  /** Way to the value, or to the text of the document that holds it. */
  readonly path: Path;
  /** Way to it within a document that is kept as text, such as an IAM policy. */
  readonly within?: Path;
  /** The value itself: of a list element or property that is a string, number, boolean or null. */
  readonly value: unknown;
  /** Whether it is an element of a list. */
  readonly element: boolean;
}

/** The engine's markers for a value that is not known before the resource exists, by type. */
export const unknownMarkers: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

type Document = { readonly format: "json" | "yaml"; readonly content: object };

/** A document kept as text: JSON, or YAML of more than one line. Scripts and certificates are none. */
export function documentIn(text: unknown): Document | undefined {
  if (typeof text !== "string") return undefined;
  const holder = (content: unknown): content is object => typeof content === "object" && content !== null;
  if (/^\s*[[{]/.test(text)) {
    try {
      const content: unknown = JSON.parse(text);
      return holder(content) ? { format: "json", content } : undefined;
    } catch {
      return undefined;
    }
  }
  if (!/^[\w.-]+:( |$)/m.test(text) || text.startsWith("#!") || !text.includes("\n")) return undefined;
  try {
    const content: unknown = parseYaml(text);
    return holder(content) ? { format: "yaml", content } : undefined;
  } catch {
    return undefined;
  }
}

/** Every leaf of a value, those within documents included. */
export function leavesOf(value: unknown, path: Path = [], element = false): Leaf[] {
  if (typeof value === "object" && value !== null) {
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, child]) => leavesOf(child, [...path, key], Array.isArray(value)));
  }
  const document = documentIn(value);
  if (document === undefined) return [{ path, value, element }];
  return leavesOf(document.content).map((leaf) => ({ ...leaf, path, within: leaf.path }));
}

/** The value with one leaf put in another's place; `undefined` takes it away. */
export function replaced(root: unknown, { path, within }: Pick<Leaf, "path" | "within">, value: unknown): unknown {
  if (within === undefined) return put(root, path, value);
  const document = documentIn(at(root, path));
  if (document === undefined) throw new Error(`there is no document at ${path.join(".")}`);
  const content = put(document.content, within, value);
  return put(root, path, document.format === "json" ? JSON.stringify(content) : stringifyYaml(content));
}

export function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], root);
}

function put(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root)) {
    const copy = [...(root as unknown[])];
    if (rest.length === 0 && value === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = put(copy[Number(key)], rest, value);
    return copy;
  }
  const copy = { ...(root as Record<string, unknown>) };
  if (rest.length === 0 && value === undefined) delete copy[String(key)];
  else copy[String(key)] = put(copy[String(key)], rest, value);
  return copy;
}

/** A path as people read it, without indexes: `spec.containers[*].image`, `policy » Statement[*].Effect`. */
export function pathPattern({ path, within }: Pick<Leaf, "path" | "within">): string {
  const one = (keys: Path) =>
    keys.reduce<string>(
      (text, key) =>
        typeof key === "number" ? `${text}[*]` : `${text}${text === "" ? "" : "."}${key.replaceAll(".", "·")}`,
      "",
    );
  return within === undefined ? one(path) : `${one(path)} » ${one(within)}`;
}
