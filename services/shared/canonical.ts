/** What a record or a signed document may hold: no fractions, whose notation differs between writers. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The fields that have a value: what is undefined is not written. */
export const present = <Value extends Plain>(fields: Readonly<Record<string, Value | undefined>>) =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, Value] => field[1] !== undefined));

/**
 * The one way to write a value, so that equal values have equal hashes: JSON without white space, keys in the order of their
 * UTF-16 code units. For the values it takes this is RFC 8785.
 *
 * @throws TypeError for a number that is no safe integer, and for what JSON cannot hold.
 */
export function canonical(value: Plain): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError(`${value} is no whole number that every reader writes alike`);
  }
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`JSON cannot hold a ${typeof value}`);
  const entries = Object.entries(value as Readonly<Record<string, Plain>>).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}
