import { expect, it } from "vitest";
import { bytes, composeCpus, quantity } from "../../../../scripts/lab/compose/quantity";

it.each([
  ["500m", 0.5],
  ["2", 2],
  [3, 3],
  ["1e3", 1000],
  ["1.5Gi", 1_610_612_736],
  ["64Gi", 68_719_476_736],
  ["1G", 1_000_000_000],
])("reads %s as Kubernetes does", (text, value) => {
  expect(quantity(text)).toBeCloseTo(value, 9);
});

it.each(["", "-1", "1Gib", "many", "1 Gi"])("refuses %j", (text) => {
  expect(() => quantity(text)).toThrow("is no quantity of Kubernetes");
});

it("writes cores to the thousandth and memory in whole bytes", () => {
  expect([composeCpus("250m"), composeCpus("8"), bytes("1Gi"), bytes("100m")]).toEqual([
    "0.25",
    "8",
    "1073741824",
    "1",
  ]);
});
