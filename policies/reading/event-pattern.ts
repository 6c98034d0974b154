/** An event as EventBridge delivers it: names and values, nested. */
export type CloudEvent = Readonly<Record<string, unknown>>;

type Matcher = Readonly<Record<string, unknown>>;

/**
 * Whether an EventBridge pattern catches an event, as far as patterns of events by name and number go: exact values,
 * `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`, `exists` and `numeric`, in fields that are all met.
 *
 * @throws Error at an operator that is none of these: what it would catch is not known here.
 */
export function catches(pattern: unknown, event: unknown): boolean {
  if (!isFields(pattern)) return false;
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or") return Array.isArray(wanted) && wanted.some((one) => catches(one, event));
    const value = isFields(event) ? event[name] : undefined;
    if (!Array.isArray(wanted)) return catches(wanted, value);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.some((one) => wanted.some((matcher) => meets(matcher, one)));
  });
}

function meets(matcher: unknown, value: unknown): boolean {
  if (!isFields(matcher)) return matcher === value;
  return Object.entries(matcher).every(([operator, operand]) => operation(operator, operand, value));
}

function operation(operator: string, operand: unknown, value: unknown): boolean {
  const text = typeof value === "string" ? value : undefined;
  switch (operator) {
    case "exists":
      return (value !== undefined) === operand;
    case "anything-but":
      return value !== undefined && ![operand].flat().some((one) => meets(one, value));
    case "prefix":
      return text?.startsWith(String(operand)) ?? false;
    case "suffix":
      return text?.endsWith(String(operand)) ?? false;
    case "equals-ignore-case":
      return text?.toLowerCase() === String(operand).toLowerCase();
    case "wildcard":
      return text !== undefined && wildcard(String(operand)).test(text);
    case "numeric":
      return typeof value === "number" && compares(operand, value);
    default:
      throw new Error(`what ${JSON.stringify(operator)} of an event pattern catches is not read here`);
  }
}

const wildcard = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** Pairs of a comparison and its bound, all of which hold; anything else compares nothing. */
function compares(operand: unknown, value: number): boolean {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) return false;
  for (let index = 0; index < operand.length; index += 2) {
    const bound = operand[index + 1] as unknown;
    const comparison = comparisons[String(operand[index])];
    if (comparison === undefined || typeof bound !== "number" || !comparison(value, bound)) return false;
  }
  return true;
}

const isFields = (value: unknown): value is Matcher =>
  typeof value === "object" && value !== null && !Array.isArray(value);
