import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { fidelityLines, fidelityOf } from "../../../scripts/rehearse/summary";

const directory = mkdtempSync(join(tmpdir(), "cloister-fidelity-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const entry = (urn: string, token: string, fidelity: string) =>
  JSON.stringify({ provider: "aws", urn, token, fidelity, operation: "create" });

it("counts each resource once under its own sort, and names the types of each", () => {
  const log = join(directory, "fidelity.jsonl");
  const bucket = "aws:s3/bucket:Bucket";
  const lines = [
    entry("a", bucket, "real"),
    entry("a", bucket, "real"),
    entry("b", bucket, "moto"),
    entry("c", "aws:ec2/vpc:Vpc", "moto"),
    entry("d", "aws:eks/addon:Addon", "model"),
    entry("e", "aws:budgets/budget:Budget", "computed"),
  ];
  writeFileSync(log, lines.join("\n"));
  const fidelity = fidelityOf(log);
  expect(fidelity.resources).toEqual({ real: 1, moto: 2, model: 1, computed: 1 });
  expect(fidelity.real).toEqual([bucket]);
  expect(fidelityLines(fidelity)).toEqual([
    "2 types, 2 resources, sent to moto in the place of AWS, after AWS's own models had judged them: Vpc, Bucket",
    "1 types, 1 resources, judged by AWS's own models and sent to nobody: Addon",
    "1 types, 1 resources, only checked and computed: Budget",
  ]);
});

it("says nothing where nothing was handled", () => {
  expect(fidelityLines(fidelityOf(join(directory, "none")))).toEqual([]);
});
