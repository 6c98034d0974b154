import fc from "fast-check";
import { expect, it } from "vitest";
import { Windows } from "../../../../services/guard/analyse/windows";

/** Cuts a text into pieces of these lengths, and gives them to windows. */
function windowsOf(text: string, lengths: readonly number[], characters: number): string[] {
  const windows = new Windows(characters);
  const found: string[] = [];
  let at = 0;
  for (const length of lengths) {
    found.push(...windows.push(text.slice(at, at + length)));
    at += length;
  }
  return [...found, ...windows.push(text.slice(at)), ...windows.end()];
}

it("has whatever is as long as the overlap whole in one of its windows, however the text came", () => {
  const text = Array.from({ length: 2000 }, (_, index) => String.fromCharCode(0x4e00 + index)).join("");
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 }),
      fc.integer({ min: 201, max: 900 }),
      (length, lengths, characters) => {
        const own = text.slice(0, length);
        const windows = windowsOf(own, lengths, characters);
        expect(windows.every((window) => window.length <= characters)).toBe(true);
        for (let at = 0; at + 200 <= length; at += 1) {
          const part = own.slice(at, at + 200);
          expect(windows.some((window) => window.includes(part))).toBe(true);
        }
        // Nothing is judged twice but the overlap, and nothing is left out.
        expect(windows.reduce((sum, window) => sum + window.length, 0)).toBe(
          length + 200 * Math.max(0, windows.length - 1),
        );
      },
    ),
    { numRuns: 30 },
  );
});
