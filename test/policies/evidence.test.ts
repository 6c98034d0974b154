import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../policies/catalogue";
import type { EvidenceInput } from "../../policies/evidence/evidence";
import { latestLedgers, LedgerWriter, readLedgers, type VerdictLedger } from "../../policies/evidence/ledger";
import { nistControlId, oscal } from "../../policies/evidence/oscal";
import { sarif } from "../../policies/evidence/sarif";
import { summarise, verdictsOf } from "../../policies/evidence/summary";
import { promises } from "../../policies/promises";
import type { State, Subject, Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";

const urn = (name: string, stack = "test-platform") =>
  `urn:pulumi:${stack}::cloister::kubernetes:apps/v1:Deployment::${name}`;

function subject(name: string, type = "kubernetes:apps/v1:Deployment", provider: unknown = {}): Subject {
  return { urn: urn(name), type, name, props: {}, protect: false, provider };
}

function verdict(rule: string, name: string, state: State, message = "found"): Verdict {
  return { rule, urn: urn(name), type: "kubernetes:apps/v1:Deployment", state, message };
}

/** A pack that lacks one rule of the catalogue. */
const pack = rules.filter(({ id }) => id !== "ENC-07");

function ledgerOf(subjects: readonly Subject[], verdicts: readonly Verdict[], complete = true): VerdictLedger {
  const writer = new LedgerWriter(pack, { version: "0.1.0", sha256: "ab".repeat(32) }, "preview");
  for (const one of subjects) writer.see(one);
  for (const one of verdicts) writer.add(one);
  writer.complete = complete;
  return { ...writer.ledger(), startedAt: "2026-01-15T08:59:00.000Z", finishedAt: "2026-01-15T09:00:00.000Z" };
}

const hostile = `</script><img src=x onerror="alert('1')">`;

function input(ledgers: readonly VerdictLedger[]): EvidenceInput {
  return {
    generatedAt: "2026-01-15T09:00:00.000Z",
    environment: `test ${hostile}`,
    footprint: "on-prem",
    engine: { version: "3.274.1", origin: "built" },
    outcome: "stopped",
    ledgers,
    zones: [{ name: "gateway", purpose: hostile, dataClass: "audit" }],
    flows: [
      { from: "clients", to: "gateway", port: 8443, tls: "mutual", why: hostile },
      { from: "every zone", to: "dns", port: 53, tls: "none", why: "names" },
    ],
    parts: [{ name: "Pods", fidelity: "not run", detail: "scheduled, not run" }],
    resources: [{ urn: urn("a"), type: "kubernetes:apps/v1:Deployment", zone: "gateway" }],
  };
}

const mixed = () =>
  ledgerOf(
    [subject("a"), subject("b"), subject("release", "kubernetes:helm.sh/v3:Release"), subject("odd", "odd:x/y:Z")],
    [
      verdict("SUP-01", "a", "fail", hostile),
      verdict("SUP-01", "b", "pass"),
      verdict("NET-11", "a", "open"),
      verdict("AI-04", "a", "notApplicable"),
    ],
  );

describe("the ledger", () => {
  it("states every rule of the catalogue, and never takes silence for a pass", () => {
    const ledger = mixed();
    expect(new Set(ledger.verdicts.map(({ rule }) => rule))).toEqual(new Set(catalogue.map(({ id }) => id)));
    const whole = (id: string) => ledger.verdicts.find((one) => one.rule === id && one.urn === "");
    expect(whole("ENC-07")).toMatchObject({
      state: "notEvaluated",
      message: expect.stringContaining("not implemented") as string,
    });
    expect(whole("ENC-03")).toMatchObject({
      state: "notApplicable",
      message: expect.stringContaining("4 resources") as string,
    });
    // Deployments were seen, and nobody asked the rule: that is a rule switched off, not one that met nothing.
    expect(whole("NET-12")).toMatchObject({
      state: "notEvaluated",
      message: expect.stringContaining("disabled") as string,
    });
  });

  it("states the population, with what nobody can look into", () => {
    expect(mixed().population).toEqual({
      resources: 4,
      components: 0,
      evaluated: 2,
      opaque: [urn("release")],
      unmappedTypes: ["odd:x/y:Z"],
    });
  });

  it("calls no rule inapplicable when the run stopped early", () => {
    const ledger = ledgerOf([subject("a")], [], false);
    expect(ledger.verdicts.every(({ state }) => state === "notEvaluated")).toBe(true);
  });

  it("is written whole, and read back in order, the last of each stack", () => {
    const directory = mkdtempSync(join(tmpdir(), "cloister-ledger-"));
    try {
      const writer = new LedgerWriter(rules, { version: "0.1.0", sha256: "ab".repeat(32) }, "update");
      writer.see(subject("a"));
      writer.save(directory);
      writer.complete = true;
      writer.save(directory);
      expect(readdirSync(directory)).toHaveLength(1);
      expect(readLedgers(directory)).toMatchObject([{ project: "cloister", stack: "test-platform", complete: true }]);
      expect(readLedgers(join(directory, "absent"))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
    const early = { ...mixed(), startedAt: "2026-01-01T00:00:00Z" };
    const other = { ...mixed(), stack: "test-foundation" };
    expect(latestLedgers([early, other, mixed()]).map(({ stack, startedAt }) => [stack, startedAt])).toEqual([
      ["test-platform", "2026-01-15T08:59:00.000Z"],
      ["test-foundation", "2026-01-15T08:59:00.000Z"],
    ]);
  });
});

describe("the summary", () => {
  it("counts checks by resource and silent rules by rule", () => {
    const summary = summarise([mixed()]);
    expect(summary).toMatchObject({ pass: 1, fail: 1, waived: 0, open: 1 });
    // SUP-01 and NET-11 judged something; every other rule is silent for one reason or the other.
    expect(summary.notApplicable + summary.notEvaluated).toBe(catalogue.length - 2);
  });

  it("takes a rule that ran in one stack only for what it found there", () => {
    const foundation = ledgerOf([subject("x", "aws:kms/key:Key")], [verdict("ENC-05", "x", "pass")]);
    const summary = summarise([mixed(), foundation]);
    expect(summary.pass).toBe(2);
    expect(summary.notApplicable + summary.notEvaluated).toBe(catalogue.length - 3);
  });

  it("names the critical verdicts", () => {
    expect(verdictsOf([mixed()], "critical", "fail").map(({ rule }) => rule)).toEqual(["SUP-01"]);
    expect(verdictsOf([mixed()], "critical", "open").map(({ rule }) => rule)).toEqual(["NET-11"]);
  });
});

it("puts every rule of the catalogue under exactly one promise", () => {
  const listed = promises.flatMap((promise) => promise.rules);
  expect([...listed].sort()).toEqual(catalogue.map(({ id }) => id).sort());
  expect(promises.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

describe("SARIF", () => {
  interface Log {
    version: string;
    runs: {
      tool: {
        driver: {
          rules: { id: string; relationships: { target: { id: string; toolComponent: { name: string } } }[] }[];
        };
      };
      taxonomies: { name: string; taxa: { id: string }[] }[];
      results: { ruleId: string; ruleIndex: number; kind: string; level: string; message: { text: string } }[];
    }[];
  }
  const read = (ledgers: readonly VerdictLedger[]) => (JSON.parse(sarif(input(ledgers))) as Log).runs[0]!;

  it("always has results, if none", () => {
    expect(read([]).results).toEqual([]);
  });

  it("tells each verdict in SARIF's kinds, by rules it lists and controls it defines", () => {
    const run = read([mixed()]);
    expect(run.results.find(({ ruleId, kind }) => ruleId === "SUP-01" && kind === "fail")).toMatchObject({
      level: "error",
    });
    for (const { ruleId, ruleIndex, kind, level } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(["pass", "open", "informational", "notApplicable", "review", "fail"]).toContain(kind);
      // The standard: a level other than none is only for failures.
      if (kind !== "fail") expect(level).toBe("none");
    }
    const defined = new Set(run.taxonomies.flatMap(({ name, taxa }) => taxa.map(({ id }) => `${name} ${id}`)));
    for (const { target } of run.tool.driver.rules.flatMap((rule) => rule.relationships)) {
      expect(defined).toContain(`${target.toolComponent.name} ${target.id}`);
    }
  });
});

describe("OSCAL", () => {
  const text = oscal(input([mixed()]));

  it("has no empty array, and only identifiers of version 5", () => {
    const visit = (value: unknown, key = ""): void => {
      if (Array.isArray(value)) {
        expect(value.length, key).toBeGreaterThan(0);
        value.forEach((item) => visit(item, key));
      } else if (value instanceof Object) {
        for (const [name, inner] of Object.entries(value)) visit(inner, name);
      } else if (/uuid$/.test(key)) {
        expect(value).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }
    };
    visit(JSON.parse(text));
    visit(JSON.parse(oscal(input([]))));
  });

  it("names controls as NIST's catalogue does, and an undecided check never satisfies", () => {
    expect(nistControlId("SC-28(1)")).toBe("sc-28.1");
    const named = [...text.matchAll(/"control-id": "([^"]*)"/g)].map(([, id]) => id);
    expect(named).toContain("si-7");
    for (const id of named) expect(id).toMatch(/^[a-z]{2}-\d+(\.\d+)?$/);
    expect(text).toMatch(/"target-id": "sc-39_obj",\s+"status": \{\s+"state": "not-satisfied",\s+"reason": "other"/);
    expect(text).toMatch(/"target-id": "si-7_obj",\s+"status": \{\s+"state": "not-satisfied",\s+"reason": "fail"/);
  });

  it("is the same for the same input", () => {
    expect(oscal(input([mixed()]))).toBe(text);
  });
});

it("leaves nothing about this machine in the pack's catalogue", () => {
  expect(readFileSync(join(__dirname, "../../policies/catalogue.json"), "utf8")).not.toMatch(/\/(work|tmp|home)\//);
});
