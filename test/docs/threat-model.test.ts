import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { controlOf, controlsOf } from "../../policies/controls";
import { rules } from "../../policies/rules";
import { drawnFlows } from "../../scripts/docs/parts/data-flow-facts";
import { docsFolder } from "../../scripts/docs/markdown";

const page = readFileSync(join(docsFolder, "threat-model.md"), "utf8");

const stride = [
  "Spoofing",
  "Tampering",
  "Repudiation",
  "Information disclosure",
  "Denial of service",
  "Elevation of privilege",
];

describe("the threat model", () => {
  it.each(drawnFlows)("judges flow $number, $from to $to, in the six ways", ({ number, from, to, flow }) => {
    const heading = `### ${number}. \`${from}\` → \`${to}\`, ${flow.port}\n`;
    const [, after = ""] = page.split(heading);
    const rows = after.split(/^##/m)[0]?.match(/^\| [A-Z][a-z ]+?(?= +\|)/gm) ?? [];
    expect(rows.map((row) => row.slice(2))).toEqual(stride);
  });

  it("judges no flow that the table does not have", () => {
    expect(page.match(/^### \d+\./gm)).toHaveLength(drawnFlows.length);
  });

  it("names only rules that judge", () => {
    const named = new Set(page.match(/\b(?:ENC|IMM|NET|IAM|SUP|RES|AUD|AVL|AI)-\d\d\b/g));
    const judging = new Set(rules.map(({ id }) => id));
    expect([...named].filter((id) => !judging.has(id))).toEqual([]);
    expect(named.size).toBeGreaterThan(50);
  });

  it("speaks of each of the ten threats of OWASP's list, and of mitigations of ATLAS that rules bear on", () => {
    const threats = page.match(/^\| LLM\d\d/gm)?.map((row) => row.slice(2));
    expect(threats).toEqual(Array.from({ length: 10 }, (_, index) => `LLM${`${index + 1}`.padStart(2, "0")}`));
    expect(controlsOf("owasp-llm").filter(({ id }) => !page.includes(id))).toEqual([]);
    const mitigations = page.match(/AML\.M\d{4}/g) ?? [];
    expect(mitigations.filter((id) => controlOf("mitre-atlas", id) === undefined)).toEqual([]);
  });
});
