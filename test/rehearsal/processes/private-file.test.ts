import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writePrivateFile } from "../../../rehearsal/processes/private-file";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "cloister-private-"))));
afterEach(() => rmSync(root, { recursive: true }));

it("is for its owner's eyes", () => {
  expect(statSync(writePrivateFile(join(root, "a", "key"), "secret")).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(root, "a"))).toEqual(["key"]);
});

it("leaves nothing of a secret where it could not be laid", () => {
  mkdirSync(join(root, "key"));
  expect(() => writePrivateFile(join(root, "key"), "secret")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(root)).toEqual(["key"]);
});
