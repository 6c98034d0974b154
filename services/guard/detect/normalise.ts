/** A text as rules read it, and where each of its characters stands in the original. */
export interface Normalised {
  readonly text: string;
  /** Offset in the original of each character and of the end; undefined where both are the same text. */
  readonly origin: readonly number[] | undefined;
}

const plain = /^[\x00-\x7f]*$/;
/** What is seen by nobody and splits a word for a program: marks, joiners, directions, soft hyphens, tags, selectors. */
const unseen = /[\p{Mn}\p{Me}\p{Cf}\u115f\u1160\u3164\uffa0]/u;
const digit = /\p{Nd}/u;
const space = /[\p{Zs}\p{Zl}\p{Zp}]/u;
const dash = /\p{Pd}|\u2212/u;

/** Letters of other scripts that look like a Latin one: Cyrillic and Greek, as Unicode's list of confusables has them. */
const looks = new Map<string, string>(
  Object.entries({
    ...{ а: "a", в: "b", е: "e", ё: "e", к: "k", м: "m", н: "h", о: "o", р: "p", с: "c", т: "t", у: "y", х: "x" },
    ...{ ѕ: "s", і: "i", ї: "i", ј: "j", һ: "h", ԁ: "d", ԛ: "q", ԝ: "w", ӏ: "l", ɡ: "g", ı: "i" },
    ...{ А: "A", В: "B", Е: "E", Ё: "E", К: "K", М: "M", Н: "H", О: "O", Р: "P", С: "C", Т: "T", У: "Y", Х: "X" },
    ...{ Ѕ: "S", І: "I", Ї: "I", Ј: "J", Ԛ: "Q", Ԝ: "W", Ӏ: "I" },
    ...{ α: "a", β: "b", ε: "e", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x", γ: "y" },
    ...{
      Α: "A",
      Β: "B",
      Ε: "E",
      Ζ: "Z",
      Η: "H",
      Ι: "I",
      Κ: "K",
      Μ: "M",
      Ν: "N",
      Ο: "O",
      Ρ: "P",
      Τ: "T",
      Υ: "Y",
      Χ: "X",
    },
  }),
);

/** The value of a decimal digit of any script: sets of ten stand together, nought first, some right behind one another. */
function digitValue(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let zero = point;
  while (digit.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((point - zero) % 10);
}

function replaced(character: string): string {
  if (unseen.test(character)) return "";
  if (digit.test(character)) return digitValue(character);
  if (space.test(character)) return " ";
  if (dash.test(character)) return "-";
  return [...character.normalize("NFKC")].map((one) => looks.get(one) ?? one).join("");
}

/**
 * Rewrites a text so that a rule for plain characters also finds what only looks like it: wide and mathematical letters,
 * digits of other scripts, look-alikes, and words that are split by what nobody sees.
 */
export function normalise(text: string): Normalised {
  if (plain.test(text)) return { text, origin: undefined };
  const origin: number[] = [];
  let out = "";
  let at = 0;
  for (const character of text) {
    const piece = plain.test(character) ? character : replaced(character);
    for (let index = 0; index < piece.length; index += 1) origin.push(at);
    out += piece;
    at += character.length;
  }
  origin.push(at);
  return { text: out, origin };
}

/** Where a span of the rewritten text stands in the original. What is unseen at its end belongs to it. */
export function originalSpan({ origin }: Normalised, start: number, end: number): [number, number] {
  return origin === undefined ? [start, end] : [origin[start] ?? 0, origin[end] ?? 0];
}
