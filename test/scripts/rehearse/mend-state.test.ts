import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mendState } from "../../../scripts/rehearse/mend-state";

let folder: string;
let state: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloister-state-"));
  state = join(folder, "on-prem-platform.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what a killed engine left half-written goes, and whole files stay", () => {
  writeFileSync(state, '{"whole":true}');
  writeFileSync(`${state}.attrs`, "");
  writeFileSync(`${state}.123.tmp`, "half");
  writeFileSync(`${state}.bak.attrs`, "{}");
  mendState(state, "on-prem");
  expect([`${state}.attrs`, `${state}.123.tmp`, `${state}.bak.attrs`].map((path) => existsSync(path))).toEqual([
    false,
    false,
    true,
  ]);
  expect(readFileSync(state, "utf8")).toBe('{"whole":true}');
});

test("a broken state gives way to the copy beside it", () => {
  writeFileSync(state, '{"hal');
  writeFileSync(`${state}.bak`, '{"copy":true}');
  mendState(state, "on-prem");
  expect(readFileSync(state, "utf8")).toBe('{"copy":true}');
});

test("without a whole copy a person is told how to begin anew", () => {
  writeFileSync(state, '{"hal');
  expect(() => mendState(state, "on-prem")).toThrow("--fresh");
});
