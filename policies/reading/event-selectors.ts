import type { Properties } from "../rule";

/** What CloudTrail knows of a call when it decides whether to record it, by the names that selectors use. */
export type TrailEvent = Readonly<Record<string, string>>;

const operators: Readonly<Record<string, (value: string, of: readonly string[]) => boolean>> = {
  equals: (value, of) => of.includes(value),
  notEquals: (value, of) => !of.includes(value),
  startsWiths: (value, of) => of.some((one) => value.startsWith(one)),
  notStartsWiths: (value, of) => !of.some((one) => value.startsWith(one)),
  endsWiths: (value, of) => of.some((one) => value.endsWith(one)),
  notEndsWiths: (value, of) => !of.some((one) => value.endsWith(one)),
};

function meets(field: Properties, event: TrailEvent): boolean {
  const asked = Object.entries(operators).filter(([operator]) => ((field[operator] ?? []) as string[]).length > 0);
  const value = event[String(field.field)];
  // CloudTrail takes no field without a name or a question, so what has one records nothing.
  if (asked.length === 0 || value === undefined) return false;
  return asked.every(([operator, holds]) => holds(value, field[operator] as string[]));
}

/** Fields that a selector cannot be without, by what it selects: CloudTrail refuses it otherwise. */
const needed = (fields: readonly Properties[]): readonly string[] =>
  fields.some(({ field, equals }) => field === "eventCategory" && (equals as string[] | undefined)?.includes("Data"))
    ? ["eventCategory", "resources.type"]
    : ["eventCategory"];

/** Whether a trail with these advanced event selectors records a call: one of them has to be met in all of its fields. */
export function records(selectors: readonly Properties[], event: TrailEvent): boolean {
  return selectors.some((selector) => {
    const fields = (selector.fieldSelectors ?? []) as Properties[];
    const named = fields.map(({ field }) => String(field));
    return needed(fields).every((name) => named.includes(name)) && fields.every((field) => meets(field, event));
  });
}
