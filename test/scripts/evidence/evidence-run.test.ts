import { describe, expect, it } from "vitest";
import type { Step } from "../../../scripts/engine/engine-events";
import { evidenceRun } from "../../../scripts/evidence/evidence-run";
import { readEnvironment } from "../../../stacks/environment";
import { exampleLedger, urnOf } from "../../policies/evidence-documents/example-run";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  op: "create",
  urn: urnOf(name),
  type: "kubernetes:apps/v1:Deployment",
  namespace: "gateway",
  diffs: [],
  inputsSha256: name.repeat(64).slice(0, 64),
  ...more,
});

const ledgers = ["example-foundation", "example-platform"].map((stack) => ({ ...exampleLedger("2026-02-01"), stack }));
const run = (steps: readonly Step[], judged = ledgers) =>
  evidenceRun({
    environment: readEnvironment("on-prem"),
    outcome: "planned",
    engine: { version: "3.274.1", origin: "built" },
    ledgers: judged,
    steps,
    parts: [],
    at: new Date("2026-02-01T09:00:00Z"),
  });

describe("a run", () => {
  const steps = [step("a"), step("b"), step("c", { op: "same" })];

  it("is the same in whatever order the engine worked and the stacks were judged", () => {
    expect(run([...steps].reverse(), [...ledgers].reverse())).toEqual(run(steps));
  });

  it("is the same plan before and after it is carried out, and another one with other inputs", () => {
    const done = steps.map((one) => ({ ...one, op: "same" }));
    expect(run(done).input.plan).toEqual(run(steps).input.plan);
    expect(run([step("a", { inputsSha256: "f".repeat(64) }), ...steps.slice(1)]).input.plan).not.toEqual(
      run(steps).input.plan,
    );
  });

  it("holds what stands: neither what was deleted, nor twice what was read first, nor the stack itself", () => {
    const more = [
      step("d", { op: "delete" }),
      step("a", { op: "update" }),
      step("stack", { type: "pulumi:pulumi:Stack" }),
      step("provider", { type: "pulumi:providers:kubernetes" }),
    ];
    const { input, plan } = run([...steps, ...more]);
    expect(plan.map(({ urn }) => urn)).toEqual(["a", "b", "c", "provider"].map(urnOf));
    expect(input.resources.map(({ urn, zone }) => [urn, zone])).toEqual(
      ["a", "b", "c"].map((n) => [urnOf(n), "gateway"]),
    );
  });

  it("has no plan where the engine told of nothing", () => {
    expect(run([]).input).not.toHaveProperty("plan");
  });
});
