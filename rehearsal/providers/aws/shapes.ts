import { formatPath, isObject } from "../property-path";
import type { PropertyPath } from "../property-path";
import type { CheckFailure, Json, Properties } from "../provider";
import { shown } from "../schema-check";
import shapesJson from "./shapes.json";

/** Property names (those that may be left out end in `?`) to types, as `sdk-shapes.ts` writes them. */
export type Shape = Readonly<Record<string, string>>;

export interface KindShape {
  readonly inputs: Shape;
  readonly outputs: readonly string[];
}

export interface Shapes {
  /** The provider's own settings. */
  readonly provider: Shape;
  readonly types: Readonly<Record<string, Shape>>;
  readonly kinds: Readonly<Record<string, KindShape>>;
}

/** What the pinned SDK takes and gives; a test compares it with the one installed. */
export const shapes: Shapes = shapesJson;

function checkValue(type: string, value: Json, path: PropertyPath): CheckFailure[] {
  const members = type.split("|");
  if (members.length > 1) {
    const results = members.map((member) => checkValue(member, value, path));
    return results.find((failures) => failures.length === 0) ?? results.at(-1) ?? [];
  }
  const wrong = (allowed: string) => [
    { property: formatPath(path), reason: `found ${shown(value)}: must be ${allowed}` },
  ];
  if (type === "any") return [];
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((item, index) => checkValue(type.slice(0, -2), item, [...path, index]));
  }
  if (type.startsWith("{")) {
    if (!isObject(value)) return wrong("an object");
    return Object.entries(value).flatMap(([key, item]) => checkValue(type.slice(1, -1), item, [...path, key]));
  }
  if (type.startsWith("#")) {
    if (!isObject(value)) return wrong("an object");
    return checkShape(shapes.types[type.slice(1)] ?? {}, value, path);
  }
  return typeof value === type ? [] : wrong(`a ${type}`);
}

/** Lists every missing, unknown and wrongly typed property at once, at any depth. */
export function checkShape(shape: Shape, value: Properties, path: PropertyPath = []): CheckFailure[] {
  const names = Object.keys(shape).map((key) => key.replace("?", ""));
  const missing = Object.keys(shape)
    .filter((key) => !key.endsWith("?") && value[key] === undefined)
    .map((key) => ({ property: formatPath([...path, key]), reason: "found nothing: this property is required" }));
  const present = Object.entries(value).flatMap(([key, item]) => {
    const type = shape[key] ?? shape[`${key}?`];
    if (type !== undefined) return checkValue(type, item, [...path, key]);
    const reason = `unknown property; remove it or use one of: ${names.join(", ")}`;
    return [{ property: formatPath([...path, key]), reason }];
  });
  return [...missing, ...present];
}
