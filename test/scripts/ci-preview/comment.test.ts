import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../policies/rule";
import { comment, marker } from "../../../scripts/ci-preview/comment";
import { baseReference } from "../../../scripts/ci-preview/reference";
import { exitCodeOf, type EnvironmentReport } from "../../../scripts/ci-preview/report";
import { joinReports, reportJson } from "../../../scripts/ci-preview/report-json";
import type { VerdictChange } from "../../../scripts/ci-preview/verdict-change";

const urn = (name: string) => `urn:pulumi:on-prem-platform::cloister::kubernetes:apps/v1:Deployment::${name}`;
const hostile = "| `x` @everyone <img src=x> [a](b)\n\n# h";

const verdict = (rule: string, name: string, state: Verdict["state"], message = "found"): Verdict => ({
  ...{ rule, urn: urn(name), type: "kubernetes:apps/v1:Deployment", state, message },
});

const counts = { pass: 10, fail: 0, waived: 0, open: 0, notApplicable: 3, notEvaluated: 0 };
const verdicts = (change: Partial<VerdictChange>): VerdictChange => ({
  ...{ counts, before: counts, fails: [], opens: [], waived: [], newFails: new Set(), mended: [] },
  ...change,
});

const report = (change: Partial<EnvironmentReport>): EnvironmentReport => ({
  ...{ environment: "on-prem", verdict: "passes", messages: [], changes: [], against: "deployed" },
  ...{ verdicts: verdicts({}), standIns: [], seconds: 1 },
  ...change,
});

const told = (change: Partial<EnvironmentReport>) =>
  comment({ base: "0123456789abcdef", drift: false, environments: [report(change)] });

describe("the comment", () => {
  it("says what changes, what it costs and that the gate lets it through", () => {
    const text = told({
      changes: [
        { change: "update", urn: urn("a"), type: "t", fields: ["spec.replicas"] },
        { change: "delete", urn: urn("vault"), type: "t", fields: [] },
      ],
      cost: { currency: "EUR", months: 36, before: 100_000, after: 125_000, assumedShare: 0.5 },
    });
    expect(text.startsWith(marker)).toBe(true);
    expect(text).toContain("The gate lets this change through, in every environment.");
    expect(text).toContain("compared with what is deployed: 1 to update, 1 to delete.");
    expect(text).toContain("Lost or made anew: `vault`");
    expect(text).toContain("100,000 EUR → **125,000 EUR** (+25.0 %); 50 % rests on assumptions");
  });

  it("names each failure once with its remedy, and tells the new ones from the old", () => {
    const fails = [verdict("NET-12", "a", "fail"), verdict("NET-12", "b", "fail"), verdict("SUP-01", "a", "fail")];
    const text = told({
      verdict: "stopped",
      verdicts: verdicts({
        fails,
        newFails: new Set([`NET-12 ${urn("a")}`, `NET-12 ${urn("b")}`]),
        counts: { ...counts, fail: 3 },
        before: { ...counts, fail: 1 },
        mended: [verdict("IAM-06", "c", "fail")],
      }),
    });
    expect(text).toContain("**on-prem** stopped.");
    expect(text).toMatch(/\| NET-12 \*\*new\*\* \| high \| `a`, `b` \| found \| .{20,} \|/);
    expect(text).toMatch(/\| SUP-01 \| critical \| `a` \|/);
    expect(text).toContain("3 fail (+2)");
    expect(text).toContain("Mended by this change: `IAM-06 c`");
  });

  it("makes nothing of what others wrote but plain text", () => {
    const text = told({
      verdict: "stopped",
      messages: ["```\n<script>"],
      standIns: [hostile],
      verdicts: verdicts({ fails: [verdict("SUP-01", "a", "fail", hostile)] }),
    });
    const row = text.split("\n").find((line) => line.startsWith("| SUP-01"))!;
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(text).not.toContain("<img");
    expect(text).not.toContain("@everyone");
    expect(text).toContain("````text\n```\n<script>\n````");
  });

  it("stays within what a comment may hold, whatever the size of the change", () => {
    const changes = Array.from({ length: 3000 }, (_, index) => ({
      ...{ change: "update" as const, urn: urn(`resource-${index}`), type: "kubernetes:apps/v1:Deployment" },
      fields: Array.from({ length: 50 }, (_field, field) => `spec.template.spec.containers[0].env[${field}].value`),
    }));
    const text = told({ changes });
    expect(text.length).toBeLessThan(65_536 / 3);
    expect(text).toContain("and 2960 more");
  });
});

describe("the exit code", () => {
  const code = (...all: EnvironmentReport["verdict"][]) =>
    exitCodeOf({ drift: false, environments: all.map((one) => report({ verdict: one })) });

  it("is 1 where anything is stopped, 3 where something only drifted, else 0", () => {
    expect(code("passes", "removed")).toBe(0);
    expect(code("passes", "drifted")).toBe(3);
    for (const bad of ["stopped", "invalid", "failed"] as const) expect(code("drifted", bad, "passes")).toBe(1);
  });
});

describe("a report of several", () => {
  it("is what each of them says, with the worst exit code", () => {
    const root = mkdtempSync(join(tmpdir(), "cloister-join-"));
    const write = (name: string, environment: EnvironmentReport) => {
      mkdirSync(join(root, name));
      const summary = reportJson({ base: "abc", drift: false, environments: [environment] });
      writeFileSync(join(root, name, "summary.json"), summary);
      return join(root, name);
    };
    const fails = [verdict("SUP-01", "a", "fail")];
    const stopped = verdicts({ fails, newFails: new Set([`SUP-01 ${urn("a")}`]) });
    const folders = [
      write("a", report({})),
      write("b", report({ verdict: "stopped", verdicts: stopped, sarif: "{}" })),
    ];
    const joined = joinReports(folders);
    expect(exitCodeOf(joined)).toBe(1);
    expect(comment(joined)).toContain("| SUP-01 **new** |");
    expect(joined.environments.map(({ sarif }) => sarif)).toEqual([undefined, undefined]);
    expect(() => joinReports([...folders, join(root, "c"), join(root, "d")])).toThrow("2 mistakes");
    rmSync(root, { recursive: true });
  });
});

describe("what is compared with", () => {
  it("is what was named, else the branch or commit that the runner names", () => {
    expect(baseReference("v1", { GITHUB_BASE_REF: "main" })).toBe("v1");
    expect(baseReference(undefined, { GITHUB_BASE_REF: "main" })).toBe("origin/main");
    expect(baseReference(undefined, { GITHUB_BASE_REF: "", CI_MERGE_REQUEST_DIFF_BASE_SHA: "abc" })).toBe("abc");
    expect(() => baseReference(undefined, {})).toThrow("--base origin/main");
  });
});
