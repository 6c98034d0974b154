import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, interleaved, median } from "../../bench/measurement";

describe("median", () => {
  test("is the middle of an odd number of values, and between the middle two of an even number", () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([8, 1, 2, 4])).toBe(3);
  });

  test("neither minds the order nor changes the list", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const given = [...values];
        expect(median(values)).toBe(median([...values].reverse()));
        expect(values).toEqual(given);
        expect(values.filter((value) => value <= median(values)).length * 2).toBeGreaterThanOrEqual(values.length);
      }),
    );
  });

  test("refuses an empty list", () => {
    expect(() => median([])).toThrow("no median");
  });
});

describe("a comparison", () => {
  const sides = ["this", "that"] as const;

  test("is the median of the rounds' own ratios, so that one slow round of both sides does not count", () => {
    const { measurement, seconds } = compare({
      name: "start",
      goal: 1.5,
      sides,
      rounds: [
        [2, 1],
        [30, 20],
        [1, 1],
      ],
    });
    expect(measurement).toEqual({ name: "start", value: 1.5, unit: "ratio", goal: 1.5, ok: true });
    expect(seconds).toEqual([2, 1]);
  });

  test("misses its goal by the smallest number that is shown", () => {
    expect(compare({ name: "start", goal: 1.5, sides, rounds: [[1.501, 1]] }).measurement).toMatchObject({
      value: 1.501,
      ok: false,
    });
  });
});

test("both sides run in turn", async () => {
  const order: string[] = [];
  const side = (name: string, seconds: number) => () => {
    order.push(name);
    return Promise.resolve(seconds);
  };
  expect(await interleaved(2, side("a", 3), side("b", 2))).toEqual([
    [3, 2],
    [3, 2],
  ]);
  expect(order).toEqual(["a", "b", "a", "b"]);
});
