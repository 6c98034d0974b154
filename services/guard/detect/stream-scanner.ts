import { stops } from "../examiner";
import { normalise, type Normalised } from "./normalise";
import { masked, type Finding, type Scanner } from "./scanner";
import { unfinishedPemKey } from "./secrets";

/** What a text may end with where more of it may turn it into a finding. */
const unfinished: readonly RegExp[] = [
  // Words, addresses, tokens: whatever has no blank in it.
  /\S{1,4096}$/,
  // Numbers in groups: cards, telephones, numbers of persons.
  /(?<!\d)\+?\d[\d ().-]{0,80}$/,
  // An account in groups.
  /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){0,34}[ -]?$/,
  /(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?(?:\d{2} ?){0,3}[A-D]?$/,
  /(?<![\w-])(?:\d{8}|[XYZxyz]-?\d{7})[- ]?$/,
  // A secret after its name, a number after the word that says what it is.
  /\b(?:pass\w{0,6}|pwd|secret\w{0,10}|api[_-]?key|access[_-]?(?:key|token)|auth[_-]?token|client[_-]?secret)\b["']?\s{0,3}(?:[:=]|is)?\s{0,3}["'`]?\S{0,128}$/i,
  /\b(?:bsn|burgerservicenummer|sofi|sofinummer|steuer-?id|steueridentifikationsnummer|identifikationsnummer|idnr|tax id|tin)\b[^\n\d]{0,40}[\d .-]{0,20}$/i,
  /-----(?:BEGIN[A-Z ]{0,40}-{0,5}|B(?:E(?:G(?:I)?)?)?)?$/,
  unfinishedPemKey,
];

/** Characters before what is held back by which a rule sees that it does not begin in the midst of a word. */
const contextLength = 64;

/** A piece of a stream after the rules saw it. */
export interface Piece {
  /** What may be shown now, masked. */
  readonly released: string;
  /** Found since the last piece; offsets are in the whole stream. */
  readonly findings: readonly Finding[];
}

/**
 * Applies the rules to a text that comes in pieces. What may still become part of a finding is held back, at most so many
 * characters as the policy says; prose flows with a delay of a word.
 */
export class StreamScanner {
  private context = "";
  private held = "";
  /** Offset in the stream of the first character that is held back. */
  private offset = 0;

  public constructor(private readonly scanner: Scanner) {}

  public push(text: string): Piece {
    this.held += text;
    return this.release(false);
  }

  public end(): Piece {
    return this.release(true);
  }

  private release(end: boolean): Piece {
    if (this.held === "") return { released: "", findings: [] };
    const text = this.context + this.held;
    const rewritten = normalise(text);
    const before = this.context.length;
    const all = this.scanner.scanRewritten(rewritten, text, "answer").filter((finding) => finding.start >= before);
    const cut = end ? text.length : this.cut(text, rewritten, before, all);
    const whole = all.filter((finding) => finding.end <= cut);
    const shifted = whole.map((one) => ({ ...one, start: one.start - before, end: one.end - before }));
    const stop = shifted.find(({ action }) => stops(action));
    const shown = this.held.slice(0, cut - before);
    const released = stop === undefined ? masked(shown, shifted) : masked(shown.slice(0, stop.start), shifted);
    const findings = shifted.map((one) => ({ ...one, start: one.start + this.offset, end: one.end + this.offset }));
    this.context = text.slice(Math.max(0, cut - contextLength), cut);
    this.held = text.slice(cut);
    this.offset += cut - before;
    return { released, findings };
  }

  /** Up to where nothing can change any more, whatever comes. */
  private cut(text: string, rewritten: Normalised, before: number, findings: readonly Finding[]): number {
    const { holdBackCharacters } = this.scanner.policy;
    const most = Math.max(before, text.length - holdBackCharacters);
    const tail = rewritten.text;
    let safe = tail.length;
    for (const expression of [...unfinished, ...this.scanner.beginnings]) {
      const found = expression.exec(tail);
      if (found !== null) safe = Math.min(safe, found.index);
    }
    const origin = rewritten.origin === undefined ? safe : (rewritten.origin[safe] ?? text.length);
    let cut = Math.max(before, Math.min(origin, text.length - this.scanner.longestPattern));
    if (cut < most) cut = most;
    // A finding is shown as one mask: never half of it.
    for (const { start, end } of findings.toReversed()) if (start < cut && end > cut) cut = start;
    return cut;
  }
}
