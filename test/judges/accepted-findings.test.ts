import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { readAccepted, settle, type AcceptedFinding } from "./accepted-findings";
import type { Finding } from "./finding";

const entry: AcceptedFinding = {
  judge: "parliament",
  check: "RESOURCE_STAR",
  resource: "foundation-keys-*",
  detail: "kms:",
  environments: ["private-cloud"],
  reason: "In a key's own policy the star means this key and no other.",
  owner: "security",
  reviewed: "2026-11-25",
};

const finding: Finding = {
  judge: "parliament",
  check: "RESOURCE_STAR",
  resource: "foundation-keys-audit",
  detail: "['kms:Decrypt']",
};

const settled = (found: Finding[], entries = [entry], environment = "private-cloud") =>
  settle(environment, ["parliament"], found, entries);

describe("settle", () => {
  it("leaves nothing open that an entry accepts", () => {
    expect(settled([finding])).toEqual({ open: [], unused: [] });
  });

  it.each([
    ["judge", { judge: "cloudsplaining" }],
    ["check", { check: "MALFORMED" }],
    ["resource", { resource: "x-foundation-keys-audit" }],
    ["detail", { detail: "['s3:GetObject']" }],
  ] as const)("leaves a finding open whose %s is another, and the entry unused", (_what, other) => {
    const found = { ...finding, ...other };
    expect(settled([found])).toEqual({ open: [found], unused: [entry] });
  });

  it("asks for no entry of another environment, and of no judge that was not heard", () => {
    expect(settled([finding], [entry], "on-prem")).toEqual({ open: [finding], unused: [] });
    expect(settle("private-cloud", ["checkov"], [], [entry])).toEqual({ open: [], unused: [] });
  });

  it("takes a dot for a dot", () => {
    const dotted = { ...entry, resource: "role.trust" };
    expect(settled([{ ...finding, resource: "role-trust" }], [dotted]).open).toHaveLength(1);
  });
});

describe("the reviewed file", () => {
  it("says of each entry what is accepted, why, by whom and since when", () => {
    const accepted = readAccepted();
    expect(accepted.length).toBeGreaterThan(0);
    const keys = accepted.map(({ judge, check, resource, detail }) => `${judge} ${check} ${resource} ${detail}`);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it.each([
    ["a reason", { reason: "It is fine." }],
    ["an owner", { owner: "somebody" }],
    ["a day of review", { reviewed: "soon" }],
    ["environments", { environments: [] }],
    ["only what it knows", { expires: "never" }],
  ])("is refused without %s", (_what, wrong) => {
    const path = join(mkdtempSync(join(tmpdir(), "cloister-accepted-")), "accepted.yaml");
    writeFileSync(path, stringify([{ ...entry, ...wrong }]));
    expect(() => readAccepted(path)).toThrow();
  });
});
