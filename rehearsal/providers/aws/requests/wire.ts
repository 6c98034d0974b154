import { isObject, parsePath, valueAt } from "../../property-path";
import type { Json, Properties } from "../../provider";
import type { Asking } from "./asked-kind";

/** The value at a path of an answer, such as `Vpcs[0].VpcId`. */
export const at = (answer: Json | undefined, path: string): Json | undefined => valueAt(answer ?? {}, parsePath(path));
/** A plain value as text; empty for what is none. */
export const scalar = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === "object" ? "" : String(value);

export const textAt = (answer: Json | undefined, path: string): string => scalar(at(answer, path));
export const listAt = (answer: Json | undefined, path: string): Properties[] => {
  const value = at(answer, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
};
/** One of a list; undefined where there is none, which is: gone. */
export const firstAt = (answer: Json | undefined, path: string): Properties | undefined => listAt(answer, path)[0];

const renamed =
  (letter: (first: string) => string, names: Readonly<Record<string, string>>) =>
  (value: Json): Json => {
    if (Array.isArray(value)) return value.map(renamed(letter, names));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        names[name] ?? letter(name.charAt(0)) + name.slice(1),
        renamed(letter, names)(item),
      ]),
    );
  };

/** Inputs as services with capitals take them. */
export const capitals = (value: Json, names: Readonly<Record<string, string>> = {}): Json =>
  renamed((first) => first.toUpperCase(), names)(value);
/** Answers of services with capitals in the form of inputs. */
export const lowered = (value: Json, names: Readonly<Record<string, string>> = {}): Json =>
  renamed((first) => first.toLowerCase(), names)(value);

/** Those of the inputs that are given. */
export const given = (inputs: Properties, ...names: readonly string[]): Properties =>
  Object.fromEntries(names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));

export const tagMap = (inputs: Properties | undefined): Properties =>
  isObject(inputs?.tagsAll) ? inputs.tagsAll : isObject(inputs?.tags) ? inputs.tags : {};

export const tagList = (inputs: Properties, key = "Key", value = "Value"): Properties[] =>
  Object.entries(tagMap(inputs)).map(([name, text]) => ({ [key]: name, [value]: text }));

export const tagsOf = (list: readonly Properties[], key = "Key", value = "Value"): Properties =>
  Object.fromEntries(list.map((tag) => [scalar(tag[key]), scalar(tag[value])]));

/** Tags to set and to take away on an update; nothing where the resource is new and was made with them. */
export function tagChanges({ before, inputs }: Asking): { set: boolean; gone: string[] } | undefined {
  if (!before) return undefined;
  const [olds, news] = [tagMap(before), tagMap(inputs)];
  return {
    set: Object.entries(news).some(([key, value]) => olds[key] !== value),
    gone: Object.keys(olds).filter((key) => !(key in news)),
  };
}
