export type Category = "personal-data" | "secret" | "canary" | "term" | "pattern" | "injection";

/** Where in a rewritten text something stands. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One rule: what it is called, and how it finds what it looks for in a rewritten text. */
export interface Detector {
  /** Such as `pii.iban`. */
  readonly rule: string;
  readonly category: Category;
  find(text: string): Span[];
}

/** All matches of an expression that a check lets stand; a named group `value` is what counts, where there is one. */
export function matches(
  text: string,
  expression: RegExp,
  check: (match: RegExpExecArray) => boolean = () => true,
): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(expression)) {
    if (!check(match)) continue;
    const value = match.groups?.["value"];
    const start = match.index + (value === undefined ? 0 : match[0].lastIndexOf(value));
    spans.push({ start, end: start + (value ?? match[0]).length });
  }
  return spans;
}

/** A rule that is one expression. Expressions have bounded repetitions, and none within another. */
export const byExpression = (
  rule: string,
  category: Category,
  expression: RegExp,
  check?: (match: RegExpExecArray) => boolean,
): Detector => ({ rule, category, find: (text) => matches(text, expression, check) });
