/** What the stand-in says: it follows from the prompt alone, so that the same request is answered alike each time. */
export interface Script {
  /** What it thinks first, where it was told to. */
  readonly thinks?: string;
  readonly says: string;
  /** A call of a tool in place of words. */
  readonly calls?: { readonly name: string; readonly arguments: string };
  /** Answers with this status at once. */
  readonly fails?: number;
  /** After so many pieces: cuts the connection, sends an error, or falls silent. */
  readonly after?: { readonly pieces: number; readonly does: "cut" | "error" | "stall" };
}

const words =
  "the model reads what it is given and answers in plain words one after another until the length it was asked for is reached".split(
    " ",
  );

/** Tokens of a text: words, marks and blanks, so that they add up to it again. */
export const tokensOf = (text: string): string[] => text.match(/\s?[\p{L}\p{N}]{1,6}|\s?[^\p{L}\p{N}\s]|\s/gu) ?? [];

/** A seeded answer of so many tokens. */
function filler(prompt: string, tokens: number): string {
  let state = [...prompt].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  return Array.from({ length: tokens }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return words[state % words.length] ?? "";
  }).join(" ");
}

/**
 * Reads the last message. Beginnings that tests use: `say: text`, `think: a | say: b`, `echo`, `call: name {…}`,
 * `fail: 500`, `cut-after: 3`, `error-after: 3`, `stall-after: 3`. Everything else is answered with words.
 *
 * @param most tokens that were asked for.
 */
export function scriptOf(prompt: string, last: string, most: number): Script {
  const [, verb = "", rest = ""] = /^([a-z-]+):\s?([^]*)$/.exec(last) ?? [];
  const count = Number(rest);
  const cut = (text: string): string => tokensOf(text).slice(0, most).join("");
  if (verb === "say") return { says: cut(rest) };
  if (verb === "think") {
    const [thinks = "", says = ""] = rest.split(/\s*\|\s*say:\s?/);
    return { thinks, says: cut(says) };
  }
  if (verb === "call") {
    const [, name = "", json = "{}"] = /^(\S+)\s*([^]*)$/.exec(rest) ?? [];
    return { says: "", calls: { name, arguments: json } };
  }
  if (last === "echo") return { says: cut(prompt) };
  if (verb === "fail") return { says: "", fails: count };
  const does = ({ "cut-after": "cut", "error-after": "error", "stall-after": "stall" } as const)[verb];
  const says = filler(prompt, Math.min(most, 400));
  return does === undefined ? { says } : { says, after: { pieces: count, does } };
}
