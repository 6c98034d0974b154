import { describe, expect, it } from "vitest";
import { Scanner } from "../../../../services/guard/detect/scanner";
import { guardPolicy } from "../../../../services/guard/policy/policy";
import { negatives, positives } from "./labelled";

const scanner = new Scanner(guardPolicy.parse({ apiVersion: "cloister.dev/guard-policy/v1" }));
const found = (text: string): string[] => [...new Set(scanner.scan(text, "prompt").map(({ rule }) => rule))];

describe("on labelled texts", () => {
  it("are enough to tell something", () => {
    expect(positives.length).toBeGreaterThanOrEqual(150);
    expect(negatives.length).toBeGreaterThanOrEqual(150);
  });

  it("the rules find what is there", () => {
    const missed = positives.filter(({ text, rules }) => !rules.every((rule) => found(text).includes(rule)));
    const recall = 1 - missed.length / positives.length;
    console.log(`recall ${recall.toFixed(4)} of ${positives.length}`);
    expect(missed).toEqual([]);
  });

  it("the rules find nothing that is not there", () => {
    const wrong = negatives.map((text) => [text, found(text)] as const).filter(([, rules]) => rules.length > 0);
    console.log(`${wrong.length} of ${negatives.length} found in vain`);
    expect(wrong).toEqual([]);
  });
});
