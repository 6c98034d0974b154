import { expect, test } from "vitest";
import { atLeast, parseVersion } from "../../../rehearsal/setup/versions";

test.each([
  ["v3.274.1", [3, 274, 1]],
  ["go1.26.8", [1, 26, 8]],
  ["go1.27rc1", [1, 27, 0]],
  ["3.248.0-alpha.1+g12", [3, 248, 0]],
  ["go version go1.25 linux/amd64", [1, 25, 0]],
  ["devel", undefined],
])("%s is read as %j", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each([
  ["3.248.0", "3.248.0", true],
  ["3.247.9", "3.248.0", false],
  ["3.1000.0", "3.248.0", true],
  ["4.0.0", "3.248.0", true],
  ["2.999.0", "3.248.0", false],
  ["go1.26.10", "1.26.6", true],
  ["go1.9.0", "1.26.0", false],
  ["unknown", "1.0.0", false],
])("%s against a floor of %s: %s", (found, floor, expected) => {
  expect(atLeast(found, floor)).toBe(expected);
});
