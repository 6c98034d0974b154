import type { Json, Properties } from "./provider";

/** The way to one value inside a resource's properties: `["spec", "containers", 0, "image"]`. */
export type PropertyPath = readonly (string | number)[];

/** Written the engine's way: `spec.containers[0].image`, `data["a.b"]`. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** Reads a path as people and kinds write it: dots, `[0]`, `[*]` and `["quoted.key"]`. */
export function parsePath(text: string): PropertyPath {
  const steps: (string | number)[] = [];
  for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, plain] = match;
    if (quoted !== undefined) steps.push(JSON.parse(`"${quoted}"`) as string);
    else if (index !== undefined) steps.push(index === "*" ? "*" : Number(index));
    else if (plain !== undefined) steps.push(plain);
  }
  return steps;
}

/** Whether one path is the other or lies inside it. `*` stands for any step. */
export function overlaps(one: PropertyPath, other: PropertyPath): boolean {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index++) {
    const a = one[index];
    const b = other[index];
    if (a !== b && a !== "*" && b !== "*") return false;
  }
  return true;
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as text where text is meant; anything else is taken for none. */
export function textOf(value: Json | undefined, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

export function valueAt(root: Json | undefined, path: PropertyPath): Json | undefined {
  let value = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === "number") value = value[step];
    else if (isObject(value) && typeof step === "string") value = value[step];
    else return undefined;
  }
  return value;
}

export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length && keys.every((key) => key in other && equal(one[key], other[key]))
    );
  }
  return false;
}
