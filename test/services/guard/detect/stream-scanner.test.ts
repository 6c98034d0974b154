import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { masked, Scanner } from "../../../../services/guard/detect/scanner";
import { StreamScanner } from "../../../../services/guard/detect/stream-scanner";
import { guardPolicy } from "../../../../services/guard/policy/policy";
import { pemKeys, positives } from "./labelled";

const policy = guardPolicy.parse({
  apiVersion: "cloister.dev/guard-policy/v1",
  terms: [{ name: "project", phrases: ["Project Blue Heron"], answer: "mask" }],
  patterns: [{ name: "ticket", expression: "CASE-[0-9]{4,8}" }],
});
const scanner = new Scanner(policy);

/** What a client sees of a text that comes in these pieces. */
function shown(pieces: readonly string[], by = scanner): { text: string; lengths: number[]; rules: string[] } {
  const stream = new StreamScanner(by);
  const lengths: number[] = [];
  const rules: string[] = [];
  let text = "";
  for (const piece of [...pieces.map((one) => stream.push(one)), stream.end()]) {
    text += piece.released;
    lengths.push(text.length);
    rules.push(...piece.findings.map(({ rule }) => rule));
  }
  return { text, lengths, rules };
}

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const plain = new Scanner(guardPolicy.parse({ apiVersion: policy.apiVersion }));

const planted = [
  ...positives.filter(({ rules }) => rules[0] !== "injection").map(({ text }) => text),
  "the Project  Blue\nHeron team",
  "see CASE-123456 please",
];
const prose = fc
  .array(
    fc.constantFrom(
      "the",
      "answer",
      "is",
      "12",
      "of",
      "Project",
      "CASE",
      "a",
      "+",
      "password",
      "NL",
      "4",
      "\n",
      "é",
      "日本",
    ),
    { maxLength: 30 },
  )
  .map((words) => words.join(" "));

describe("a text that comes in pieces", () => {
  it("is shown as the whole of it would be, however it is cut", () => {
    const whole = (text: string): string => masked(text, scanner.scan(text, "answer"));
    fc.assert(
      fc.property(
        prose,
        fc.constantFrom(...planted),
        prose,
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }),
        (before, item, after, sizes) => {
          const text = `${before} ${item} ${after}`;
          expect(shown(cut(text, sizes)).text).toBe(whole(text));
        },
      ),
      { numRuns: 1500, seed: 20_261_125 },
    );
  });

  it.each(pemKeys)("shows no line of %j, in pieces or whole", (key) => {
    const lines = key.split(/\r?\n|\\n/).filter((line) => line !== "" && !line.startsWith("-----"));
    const text = `This is it: ${key}\n! And that was all.`;
    for (const seen of [masked(text, plain.scan(text, "answer")), shown([...text], plain).text]) {
      for (const line of lines) expect(seen).not.toContain(line.slice(0, 8));
      expect(seen).toMatch(/^This is it: \[REDACTED:secret\.private-key\]/);
      expect(seen).toMatch(/! And that was all\.$/);
    }
  });

  it.each(planted)("hides what is in %j, letter by letter", (text) => {
    const { rules } = shown([...text].flatMap((one) => one.split("")));
    expect(rules.length).toBeGreaterThan(0);
  });

  it("flows with a delay of about a word where it is prose", () => {
    const words = "a plain sentence that holds nothing at all and simply goes on and on".split(" ");
    const { lengths } = shown(
      words.map((word) => `${word} `),
      plain,
    );
    const sent = words.map((_, index) => words.slice(0, index + 1).join(" ").length + 1);
    const behind = sent.map((length, index) => length - (lengths[index] ?? 0));
    expect(Math.max(...behind)).toBeLessThanOrEqual("sentence ".length);
  });

  it("is never held back by more than the policy says", () => {
    const stream = new StreamScanner(scanner);
    let released = 0;
    for (let count = 1; count <= 2000; count += 1) {
      released += stream.push("x").released.length;
      expect(count - released).toBeLessThanOrEqual(policy.holdBackCharacters);
    }
  });

  it("ends where something stops it, and shows nothing from there", () => {
    const strict = new Scanner(
      guardPolicy.parse({ apiVersion: policy.apiVersion, canaries: [{ name: "one", text: "heron-7731-blue" }] }),
    );
    const stream = new StreamScanner(strict);
    const pieces = cut("it says heron-7731-blue and more", [3]).map((one) => stream.push(one));
    const found = pieces.findIndex(({ findings }) => findings.some(({ action }) => action === "quarantine"));
    expect(found).toBeGreaterThan(0);
    expect(
      pieces
        .slice(0, found + 1)
        .map(({ released }) => released)
        .join(""),
    ).toBe("it says ");
  });
});
