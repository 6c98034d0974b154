import { equal, isObject } from "../../property-path";
import type { Json, Properties } from "../../provider";
import { scalar } from "./wire";

/** What a service tells; an absent property is undefined, so that a removal is seen. */
export type Observed = Record<string, Json | undefined>;

/** Declared inputs with what is really there over them. What was not declared shows only where it is no default. */
export function overlaid(declared: Properties, observed: Observed, defaults: Properties = {}): Properties {
  const entries = Object.entries(observed).filter(
    ([key, value]) => key in declared || (value !== undefined && !equal(value, defaults[key])),
  );
  const result = { ...declared, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined)) as Properties;
}

const parsed = (text: string): Json | undefined => {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/**
 * Whether the service holds what was declared. The order of lists, the spacing of documents and, inside of objects, what the
 * service chose for what was not declared are no difference.
 */
function holds(declared: Json, found: Json): boolean {
  if (Array.isArray(declared) && Array.isArray(found)) {
    const rest = [...found];
    return (
      declared.length === found.length &&
      declared.every((item) => {
        const index = rest.findIndex((other) => holds(item, other));
        if (index >= 0) rest.splice(index, 1);
        return index >= 0;
      })
    );
  }
  if (isObject(declared) && isObject(found)) {
    return Object.entries(declared).every(([key, value]) => key in found && holds(value, found[key]!));
  }
  if (typeof declared === "string" && typeof found === "string" && declared !== found) {
    const [one, other] = [parsed(declared), parsed(found)];
    return one !== undefined && other !== undefined && equal(one, other);
  }
  return declared === found || (typeof declared !== typeof found && scalar(declared) === scalar(found));
}

/** What is as it was declared keeps the form in which it was declared. Foreign tags are never the service's own choice. */
export const keptAsDeclared = (declared: Properties, observed: Observed): Observed =>
  Object.fromEntries(
    Object.entries(observed).map(([key, value]) => {
      const before = declared[key];
      const same = before !== undefined && value !== undefined && key !== "tags" && holds(before, value);
      return [key, same ? before : value];
    }),
  );
