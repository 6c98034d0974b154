import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signStatement, unverifiedStatement } from "../../../policies/attestation/dsse";
import { attestationFile, evidenceFiles } from "../../../policies/evidence/attested-names";
import { evidence } from "../../../scripts/evidence/command";
import type { EvidenceRun } from "../../../scripts/evidence/evidence-run";
import { RunRecords } from "../../../scripts/evidence/run-records";
import { rehearsalSigningKey } from "../../../scripts/evidence/signing-key";
import { verify } from "../../../scripts/evidence/verify-command";
import { verifyEvidence } from "../../../scripts/evidence/verify-evidence";
import { writeEvidenceSet } from "../../../scripts/evidence/write-evidence-set";
import { exampleInput, examplePlan } from "../../policies/evidence-documents/example-run";

let state: string;
let directory: string;
let folder: string;
let printed: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "cloister-evidence-set-"));
  directory = join(state, "on-prem");
  folder = join(directory, "evidence");
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true });
});

const runOn = (day: string, more = {}): EvidenceRun => {
  const { previous: _, ...input } = exampleInput(day, { environment: "on-prem", ...more });
  return { input, plan: examplePlan };
};
const write = (day = "2026-02-01", more = {}) =>
  writeEvidenceSet({ directory, folder, run: runOn(day, more), key: rehearsalSigningKey(directory) });
const verified = () => verifyEvidence(join(folder, attestationFile), rehearsalSigningKey(directory).publicKey);
const statesOf = (name: string) => verified().files.find((file) => file.name === name)?.state;

describe("a set of evidence", () => {
  it("is one folder of seven files, every one of them signed or the signature", () => {
    const paths = write();
    expect(readdirSync(folder).sort()).toEqual([attestationFile, ...Object.values(evidenceFiles)].sort());
    expect(Object.keys(paths).sort()).toEqual(
      ["attestation", "components", "html", "oscal", "plan", "sarif", "verdicts"].sort(),
    );
    expect(verified()).toMatchObject({
      sound: true,
      result: "FAILED",
      about: { environment: "on-prem", outcome: "stopped", rehearsed: true },
    });
  });

  it("says what it was told and what came of every rule", () => {
    write();
    const { predicate } = unverifiedStatement(JSON.parse(readFileSync(join(folder, attestationFile), "utf8")));
    expect(predicate).toMatchObject({
      configuration: [
        { name: "cloister-policies", digest: { sha256: "ab".repeat(32) }, annotations: { version: "0.1.0" } },
        { name: "settings" },
        { name: "stacks/example/waivers.yaml", digest: { sha256: "cd".repeat(32) } },
        { name: "environment", annotations: { origin: "rehearsal" } },
      ],
      passedTests: ["SUP-02"],
      warnedTests: ["NET-11#open"],
      failedTests: ["NET-12#fail", "SUP-01#fail"],
    });
  });

  it("has the same bytes when it is written again from what was kept", async () => {
    write();
    const before = Object.values(evidenceFiles).map((name) => readFileSync(join(folder, name)));
    const envelope = readFileSync(join(folder, attestationFile));
    rmSync(folder, { recursive: true });
    expect(await evidence("on-prem", { rehearsed: true, state, json: true })).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ environment: "on-prem", origin: "rehearsal", outcome: "stopped" });
    expect(Object.values(evidenceFiles).map((name) => readFileSync(join(folder, name)))).toEqual(before);
    expect(readFileSync(join(folder, attestationFile))).toEqual(envelope);
  });

  it("asks for a run where there was none", async () => {
    await expect(evidence("on-prem", { rehearsed: true, state })).rejects.toThrow(
      "There is nothing to give evidence of",
    );
  });
});

describe("what changed", () => {
  const previousOf = () => new RunRecords(directory).latest()?.previous?.generatedAt;

  it("is told since the last run that found something else, whatever ran since", () => {
    const records = new RunRecords(directory);
    records.keep(runOn("2026-02-01"));
    expect(previousOf()).toBeUndefined();
    records.keep(runOn("2026-02-02"));
    expect(previousOf()).toBeUndefined();
    records.keep(runOn("2026-02-03", { outcome: "planned" }));
    expect(previousOf()).toBe("2026-02-02T09:00:00.000Z");
    records.keep(runOn("2026-02-04", { outcome: "planned" }));
    expect(previousOf()).toBe("2026-02-02T09:00:00.000Z");
    expect(records.latest()?.run.input.generatedAt).toBe("2026-02-04T09:00:00.000Z");
  });

  it("is remembered for ten runs", () => {
    const records = new RunRecords(directory);
    for (let day = 10; day < 22; day += 1) records.keep(runOn(`2026-02-${day}`, { footprint: `number ${day}` }));
    expect(readdirSync(join(directory, "evidence-runs"))).toHaveLength(10);
    expect(previousOf()).toBe("2026-02-20T09:00:00.000Z");
  });
});

describe("verification refuses", () => {
  beforeEach(() => void write());

  it.each(Object.values(evidenceFiles))("%s with one changed byte, and names it alone", (name) => {
    const bytes = readFileSync(join(folder, name));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle]! ^= 1;
    writeFileSync(join(folder, name), bytes);
    expect(verified().sound).toBe(false);
    expect(verified().files.filter(({ state: found }) => found !== "sound")).toMatchObject([
      { name, state: "altered" },
    ]);
    expect(verify(folder, {})).toBe(1);
    expect(printed).toContain(`✖ ${name}: altered`);
  });

  it("a page that is missing, one that is another's, and a file that nobody signed", () => {
    renameSync(join(folder, evidenceFiles.html), join(folder, "page.html"));
    expect(statesOf(evidenceFiles.html)).toBe("missing");
    expect(statesOf("page.html")).toBe("not named");
    // A link is no file: what it leads to may be another tomorrow.
    symlinkSync(join(folder, "page.html"), join(folder, evidenceFiles.html));
    expect(statesOf(evidenceFiles.html)).toBe("missing");
    expect(verified().sound).toBe(false);
  });

  it("an envelope that was altered, or that another key signed", () => {
    const envelope = join(folder, attestationFile);
    expect(verifyEvidence(envelope, rehearsalSigningKey(join(state, "other")).publicKey).refused).toContain("not by");
    appendFileSync(envelope, "x");
    expect(verify(folder, { json: true, key: join(directory, "evidence.pub") })).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({ sound: false, refused: "it is not JSON", files: [] });
  });

  it("a statement about something else, and a subject outside of the folder", () => {
    const file = join(folder, attestationFile);
    const { privateKey } = rehearsalSigningKey(directory);
    const statement = unverifiedStatement(JSON.parse(readFileSync(file, "utf8")));
    const sign = (more: object) =>
      writeFileSync(file, JSON.stringify(signStatement({ ...statement, ...more }, privateKey)));
    sign({ predicateType: "https://slsa.dev/provenance/v1" });
    expect(verified().refused).toContain("not what the gate found");
    sign({ subject: [{ name: "../evidence.pub", digest: { sha256: "ab".repeat(32) } }] });
    expect(verified().files).toContainEqual(expect.objectContaining({ name: "../evidence.pub", state: "missing" }));
  });

  it("where there is nothing, or no key", () => {
    expect(() => verify(join(state, "none"), {})).toThrow("There is no evidence to verify");
    expect(() => verify(directory, {})).toThrow(`no ${attestationFile}`);
    rmSync(join(directory, "evidence.pub"));
    expect(() => verify(folder, {})).toThrow("There is no key to verify evidence with");
  });
});

it("is verified by an environment's committed key, wherever the folder was carried", () => {
  const stacks = join(state, "stacks");
  const key = { ...rehearsalSigningKey(join(stacks, "on-prem")), origin: "environment" as const };
  writeEvidenceSet({ directory, folder, run: runOn("2026-02-01"), key });
  expect(verify(folder, { folder: stacks })).toBe(0);
  expect(printed).toContain("Sound: 6 files are as they were signed.");
  expect(printed).not.toContain("rehearsal");
  // Another environment's key proves nothing.
  expect(verify(folder, { key: join(mkKey("other"), "evidence.pub") })).toBe(1);
});

function mkKey(name: string): string {
  const place = join(state, name);
  rehearsalSigningKey(place);
  return place;
}
