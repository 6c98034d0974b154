import { expect, it } from "vitest";
import { wrapped } from "../../../scripts/rehearse/wrapped";

it("breaks between words, indents what follows and keeps every word whole", () => {
  expect(wrapped("  · 3 types: Vpc, Bucket, Key", 16)).toBe("  · 3 types:\n    Vpc, Bucket,\n    Key");
  expect(wrapped("at /a/path/that/is/long here", 10)).toBe("at\n    /a/path/that/is/long\n    here");
  expect(wrapped("  · short")).toBe("  · short");
  const names = `  · 60 types: ${Array.from({ length: 60 }, (_, index) => `TypeNumber${index}`).join(", ")}`;
  const lines = wrapped(names).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(lines.map((line) => line.trim()).join(" ")).toBe(names.trim());
});
