import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { formatPath, valueAt } from "./property-path";
import type { PropertyPath } from "./property-path";
import type { CheckFailure, Difference, Json, Properties } from "./provider";

/** Shows a value in an error without flooding it. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Lists every wrong input at once, in the words of the schema, with what was found (never for a `hidden` input). */
export function failuresOf(schema: z.ZodObject, inputs: Properties, hidden: readonly string[] = []): CheckFailure[] {
  const result = schema.safeParse(inputs);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => {
    const path = issue.path as PropertyPath;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        property: formatPath([...path, key]),
        reason: `unknown input; remove it or use one of: ${Object.keys(schema.shape).join(", ")}`,
      }));
    }
    const found = valueAt(inputs, path);
    const isHidden = found !== undefined && hidden.includes(String(path[0]));
    const reason = `found ${isHidden ? "[secret]" : shown(found)}: ${issue.message}`;
    return [{ property: formatPath(path), reason }];
  });
}

/** Compares inputs after their defaults are filled in, so that writing a default out is no change. */
export function differenceOf(
  schema: z.ZodObject,
  olds: Properties,
  news: Properties,
  updatable: readonly string[] = [],
): Difference {
  // Field by field: an input that is not known yet must not keep the defaults of the others from being filled in.
  const fields = schema.shape as Readonly<Record<string, z.ZodType>>;
  const filled = (key: string, inputs: Properties): unknown => fields[key]?.safeParse(inputs[key]).data ?? inputs[key];
  const changed = Object.keys(fields).filter((key) => !isDeepStrictEqual(filled(key, olds), filled(key, news)));
  return { changed, replaces: changed.filter((key) => !updatable.includes(key)) };
}
