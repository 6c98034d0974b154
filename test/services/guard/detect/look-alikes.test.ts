import { expect, it } from "vitest";
import { Scanner } from "../../../../services/guard/detect/scanner";
import { StreamScanner } from "../../../../services/guard/detect/stream-scanner";
import { guardPolicy } from "../../../../services/guard/policy/policy";

const scanner = new Scanner(guardPolicy.parse({ apiVersion: "cloister.dev/guard-policy/v1" }));

/** What a client sees of an answer that comes in two pieces. */
function shown(text: string, at: number): string {
  const stream = new StreamScanner(scanner);
  return [stream.push(text.slice(0, at)), stream.push(text.slice(at)), stream.end()]
    .map(({ released }) => released)
    .join("");
}

const cyrillic = "\u0430da@\u0435xample.com";
const wide = [..."4111 1111 1111 1111"].map((one) => (one === " " ? one : String.fromCodePoint(0xff10 + Number(one))));
const unseen = [..."ada@example.com"].join("\u200b");

it.each([
  ["Cyrillic letters", `Write to ${cyrillic} now.`, "Write to [REDACTED:pii.email] now."],
  ["wide digits", `Pay ${wide.join("")} now.`, "Pay [REDACTED:pii.card] now."],
  ["letters with what nobody sees between them", `Write to ${unseen} now.`, "Write to [REDACTED:pii.email] now."],
])("hides what is written with %s, wherever it is cut in two", (_name, text, expected) => {
  const seen = new Set(Array.from({ length: text.length + 1 }, (_, at) => shown(text, at)));
  expect([...seen]).toEqual([expected]);
});
