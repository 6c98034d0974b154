import {
  bsnValid,
  cardIssuer,
  codiceFiscaleValid,
  dniValid,
  ibanLengths,
  ibanValid,
  luhn,
  nirValid,
  peselValid,
  steuerIdValid,
} from "./checksums";
import { byExpression, matches, type Detector, type Span } from "./detector";

const hasDigits = /\d{2}/;
const bare = (text: string): string => text.replace(/[ .-]/g, "").toUpperCase();

/** Digits that stand together, apart from single blanks or hyphens: a card may be a part of them. */
const digitRun = /\d(?:[ -]?\d){12,63}/g;

function cardsIn(text: string): Span[] {
  if (!hasDigits.test(text)) return [];
  return matches(text, digitRun).flatMap(({ start, end }) => cardWithin(text.slice(start, end), start));
}

/** Lengths of the groups in which cards are written: none, fours, as American Express and Diners do, or digit by digit. */
const groups = /^(1[3-9]|4([ -]4){2}[ -][1-7]|4([ -]4){3}([ -][1-3])?|4[ -]6[ -][45]|1([ -]1){12,18})$/;

/** The first card of a run that begins and ends where a group does: no number begins in the midst of another. */
function cardWithin(run: string, offset: number): Span[] {
  const begins = [0, ...matches(run, /[ -]/g).map((span) => span.end)];
  const ends = [...matches(run, /[ -]/g).map((span) => span.start), run.length];
  for (const begin of begins) {
    for (const end of ends.toReversed()) {
      if (!groups.test(run.slice(begin, end).replace(/\d+/g, (group) => String(group.length)))) continue;
      const digits = run.slice(begin, end).replace(/[ -]/g, "");
      if (digits.length < 13 || digits.length > 19 || !cardIssuer(digits) || !luhn(digits)) continue;
      return [{ start: offset + begin, end: offset + end }, ...cardWithin(run.slice(end), offset + end)];
    }
  }
  return [];
}

const ibanHead = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/g;

function ibansIn(text: string): Span[] {
  if (!hasDigits.test(text)) return [];
  return matches(text, ibanHead).flatMap(({ start }): Span[] => {
    const wanted = ibanLengths[text.slice(start, start + 2).toUpperCase()] ?? 0;
    let at = start;
    let iban = "";
    while (iban.length < wanted && at < text.length) {
      const character = text[at] ?? "";
      if (/[A-Za-z0-9]/.test(character)) iban += character.toUpperCase();
      else if (!/[ -]/.test(character) || !/[A-Za-z0-9]/.test(text[at + 1] ?? "")) break;
      at += 1;
    }
    return ibanValid(iban) ? [{ start, end: at }] : [];
  });
}

/** Numbers whose check one in eleven passes need a word before them that says what they are. */
const after = (words: string, number: string): RegExp =>
  new RegExp(`\\b(?:${words})\\b[^\\n\\d]{0,40}(?<value>(?<![\\d.])${number}(?![\\d]))`, "gi");

const valueOf = ({ groups }: RegExpExecArray): string => bare(groups?.["value"] ?? "");

/** What tells who a person is. Every number has a check of its own where its issuer gave it one. */
export const personalData: readonly Detector[] = [
  { rule: "pii.card", category: "personal-data", find: cardsIn },
  { rule: "pii.iban", category: "personal-data", find: ibansIn },
  byExpression(
    "pii.email",
    "personal-data",
    /(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w-])/g,
  ),
  byExpression("pii.phone", "personal-data", /(?<![\w+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)/g),
  byExpression(
    "pii.nl-bsn",
    "personal-data",
    after("bsn|burgerservicenummer|sofinummer|sofi", "\\d(?:[ .-]?\\d){8}"),
    (match) => bsnValid(valueOf(match)),
  ),
  byExpression(
    "pii.de-tax-id",
    "personal-data",
    after(
      "steuer-?id|steueridentifikationsnummer|identifikationsnummer|idnr|tax id|tin",
      "\\d{2}[ ]?\\d{3}[ ]?\\d{3}[ ]?\\d{3}",
    ),
    (match) => steuerIdValid(valueOf(match)),
  ),
  byExpression(
    "pii.fr-nir",
    "personal-data",
    /(?<!\d)[1-478] ?\d{2} ?\d{2} ?(?:\d{2}|2[ABab]) ?\d{3} ?\d{3} ?\d{2}(?!\d)/g,
    ([text]) => nirValid(bare(text)),
  ),
  byExpression("pii.es-dni", "personal-data", /(?<![\w-])(?:\d{8}|[XYZxyz]-?\d{7})[- ]?[A-Za-z](?![\w])/g, ([text]) =>
    dniValid(bare(text)),
  ),
  byExpression(
    "pii.it-codice-fiscale",
    "personal-data",
    /(?<!\w)[A-Za-z]{6}\d{2}[A-EHLMPRSTa-ehlmprst]\d{2}[A-Za-z]\d{3}[A-Za-z](?!\w)/g,
    ([text]) => codiceFiscaleValid(bare(text)),
  ),
  byExpression("pii.pl-pesel", "personal-data", /(?<![\d.+-])\d{11}(?![\d.])/g, ([text]) => peselValid(text)),
  byExpression(
    "pii.uk-nino",
    "personal-data",
    /(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/g,
  ),
  byExpression("pii.us-ssn", "personal-data", /(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g),
];
