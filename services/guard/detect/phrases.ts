import { RE2JS } from "re2js";
import { matches, type Category, type Detector } from "./detector";
import { normalise } from "./normalise";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A phrase as an expression: any blanks between its words, whatever is upper or lower case. */
function sourceOf(phrase: string): string {
  return normalise(phrase).text.trim().split(/\s+/).map(escaped).join("\\s+");
}

/** Finds exact texts, within words too where `whole` is false. */
export function phrases(rule: string, category: Category, texts: readonly string[], whole: boolean): Detector {
  const all = texts.map(sourceOf).join("|");
  const expression = new RegExp(whole ? `(?<![\\p{L}\\p{N}_])(?:${all})(?![\\p{L}\\p{N}_])` : `(?:${all})`, "giu");
  return { rule, category, find: (text) => matches(text, expression) };
}

/**
 * Matches what a text ends with, if that may be the beginning of a phrase. Each character after the first may be missing,
 * with all after it.
 */
export function beginningOf(phrase: string): RegExp {
  const parts = normalise(phrase)
    .text.trim()
    .split(/(\s+)/)
    .flatMap((part) => (/^\s+$/.test(part) ? ["\\s+"] : [...part].map(escaped)));
  const nested = parts.reduceRight((rest, part) => `${part}(?:${rest})?`, "");
  return new RegExp(`(?:${nested.replaceAll("(?:)?", "")})$`, "iu");
}

/** A rule of somebody else's. It runs in time that grows with the text alone, whatever the expression is. */
export function pattern(rule: string, expression: string): Detector {
  const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  return {
    rule,
    category: "pattern",
    find: (text) => {
      const matcher = compiled.matcher(text);
      const spans = [];
      while (matcher.find()) {
        if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end() });
      }
      return spans;
    },
  };
}
