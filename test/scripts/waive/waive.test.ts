import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { KitError } from "../../../components/kit-error";
import type { VerdictLedger } from "../../../policies/evidence/ledger";
import type { Verdict } from "../../../policies/rule";
import { waive, type WaiveOptions } from "../../../scripts/waive/command";
import { stacksFolder } from "../../../stacks/environment";

const root = mkdtempSync(join(tmpdir(), "cloister-waive-"));
const folder = join(root, "stacks");
const state = join(root, "rehearsals");
const file = join(folder, "on-prem", "waivers.yaml");
const urn = (name: string) => `urn:pulumi:on-prem-foundation::cloister::aws:s3/bucket:Bucket::${name}`;

function verdict(rule: string, name: string, change: Partial<Verdict> = {}): Verdict {
  const common = { rule, urn: urn(name), type: "aws:s3/bucket:Bucket", message: `${rule} is not kept` };
  return { ...common, state: "fail", inputsSha256: "c".repeat(64), ...change };
}

function lay(...verdicts: Verdict[]): void {
  const directory = join(state, "on-prem", "verdicts");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const ledger: Partial<VerdictLedger> = {
    project: "cloister",
    stack: "on-prem-foundation",
    startedAt: "2026-03-01T09:00:00.000Z",
    complete: true,
    settings: {},
    verdicts,
  };
  writeFileSync(join(directory, "one.json"), JSON.stringify(ledger));
}

/** @returns what it printed, read as JSON. */
function run(options: WaiveOptions): unknown {
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    expect(waive("on-prem", { rehearsed: true, folder, state, json: true, ...options })).toBe(0);
  } finally {
    write.mockRestore();
  }
  return JSON.parse(printed.join(""));
}

function mistakesOf(options: WaiveOptions): string[] {
  try {
    run(options);
  } catch (error) {
    if (error instanceof KitError) return error.mistakes.map(({ path, found }) => `${path}: ${found}`);
    throw error;
  }
  throw new Error("nothing was refused");
}

const wish: WaiveOptions = {
  policy: "ENC-02",
  urn: urn("raw"),
  reason: "The appliance speaks TLS 1.2 from its next release on.",
  compensating: "The storage network is reached by the nodes alone.",
  owner: "storage@corp.example",
  approver: "ciso@corp.example",
};
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "on-prem"), { recursive: true });
  writeFileSync(join(folder, "on-prem.yaml"), readFileSync(join(stacksFolder, "on-prem.yaml")));
  writeFileSync(join(folder, "on-prem", "approvers.yaml"), "- ciso@corp.example\n");
  lay(verdict("ENC-02", "raw"), verdict("IMM-01", "audit"), verdict("ENC-01", "raw", { state: "open" }));
});
afterAll(() => rmSync(root, { recursive: true }));

describe("waive", () => {
  test("alone lists what failed, the gravest first, and what of it can be waived", () => {
    expect(run({})).toMatchObject({
      findings: [
        { policy: "ENC-02", severity: "critical", waivable: true },
        {
          policy: "IMM-01",
          severity: "critical",
          waivable: false,
          why: expect.stringContaining("IMM-01 cannot be waived") as string,
        },
      ],
    });
  });

  test("writes an entry from the finding, that the last run's verdicts make active", () => {
    const { waiver } = run(wish) as { waiver: unknown };
    expect(waiver).toEqual({
      id: "W-1",
      policy: "ENC-02",
      urn: urn("raw"),
      reason: wish.reason,
      owner: wish.owner,
      approver: wish.approver,
      created: day(0),
      expires: day(30),
      compensating: wish.compensating,
      inputsSha256: "c".repeat(64),
    });
    expect(parse(readFileSync(file, "utf8"))).toEqual([waiver]);
    expect(run({ list: true })).toMatchObject({ waivers: [{ state: "active", daysLeft: 30, waiver: { id: "W-1" } }] });
    lay(verdict("ENC-02", "raw", { inputsSha256: "d".repeat(64) }));
    expect(run({ list: true })).toMatchObject({ waivers: [{ state: "changed-inputs" }] });
  });

  test("keeps what people wrote around the entries, numbers on, and takes one out", () => {
    run({ ...wish, ticket: "SEC-1" });
    const commented = readFileSync(file, "utf8").replace(
      "- id: W-1",
      "# Agreed in the meeting of March.\n- id: W-7 # asked twice",
    );
    writeFileSync(file, commented);
    lay(verdict("ENC-02", "raw"), verdict("ENC-02", "vectors"));
    expect(run({ ...wish, urn: urn("vectors"), expires: day(90) })).toMatchObject({ waiver: { id: "W-8" } });
    const text = readFileSync(file, "utf8");
    expect(text).toContain("# What this environment accepts");
    expect(text).toContain("# Agreed in the meeting of March.");
    expect(text).toContain("# asked twice");
    run({ remove: "W-7" });
    expect((parse(readFileSync(file, "utf8")) as { id: string }[]).map(({ id }) => id)).toEqual(["W-8"]);
    expect(mistakesOf({ remove: "W-7" })).toEqual([`${file}: W-7`]);
  });

  test.each<[string, WaiveOptions, string]>([
    ["a rule that may not be waived", { policy: "IMM-01", urn: urn("audit") }, "--policy: IMM-01"],
    ["a value that is not known", { policy: "ENC-01" }, "--urn: ENC-01 is open there"],
    ["a rule that fails nowhere", { policy: "ENC-05" }, "--policy: ENC-05, which fails nowhere in the last run"],
    ["a resource that does not fail", { urn: urn("vectors") }, `--urn: ${urn("vectors")}`],
    ["the owner's own approval", { owner: "Ciso+x@corp.example" }, "--approver: ciso@corp.example"],
    ["an approver who is not on the list", { approver: "cto@corp.example" }, "--approver: cto@corp.example"],
    ["a day too far", { expires: day(92) }, `--expires: ${day(92)}`],
    ["a day that is over", { expires: day(-1) }, `--expires: ${day(-1)}`],
    ["a reason of one word", { reason: "because" }, "--reason: because"],
  ])("refuses %s", (_told, change, mistake) => {
    expect(mistakesOf({ ...wish, ...change })).toEqual([mistake]);
  });

  test("tells all that is missing at once, and writes nothing", () => {
    const missing = mistakesOf({ policy: "ENC-02", urn: urn("raw") });
    expect(missing.map((line) => line.split(":")[0])).toEqual(["--reason", "--owner", "--approver", "--compensating"]);
    expect(run({ list: true })).toMatchObject({ waivers: [] });
  });

  test("writes nothing to a file with mistakes in it, and nothing twice", () => {
    writeFileSync(file, "- id: W-1\n");
    expect(mistakesOf(wish).length).toBeGreaterThan(5);
    rmSync(file);
    lay(verdict("ENC-02", "raw", { state: "waived", waiver: "W-1" }));
    expect(mistakesOf(wish)).toEqual(["--policy: waived by W-1 already"]);
  });

  test("has nothing to go by before the first run", () => {
    rmSync(join(state, "on-prem"), { recursive: true });
    expect(mistakesOf({})).toEqual(["the last rehearsal: no verdicts"]);
  });
});
