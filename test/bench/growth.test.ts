import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { growthExponent, type Sizes } from "../../bench/growth";

const counts = [1, 10, 50, 100];
const sizes = (value: (count: number) => number): Sizes => counts.map((count) => [count, value(count)]);

describe("the exponent of a growth", () => {
  test("is 1 where each more costs the same, however large the fixed part is", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (a, b) => {
          expect(growthExponent(sizes((count) => a + b * count))).toBeCloseTo(1, 1);
        },
      ),
    );
  });

  test("is seen through a fixed part that hides it in the totals", () => {
    expect(growthExponent(sizes((count) => 10_000 + 40 * count ** 2))).toBeGreaterThan(1.7);
  });

  test("is none where nothing grows, whatever the noise", () => {
    expect(growthExponent(sizes((count) => 100 + Math.sin(count)))).toBeCloseTo(0, 1);
  });

  test("is not told of two sizes", () => {
    expect(() =>
      growthExponent([
        [1, 1],
        [2, 2],
      ]),
    ).toThrow("three sizes");
  });
});
