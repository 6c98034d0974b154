import { describe, expect, it } from "vitest";
import { deployedChanges, differingPaths, planDifference } from "../../../scripts/ci-preview/plan-difference";
import { plannedResources } from "../../../scripts/ci-preview/planned-resources";

const urn = (name: string) => `urn:pulumi:on-prem-platform::cloister::kubernetes:apps/v1:Deployment::${name}`;

function step(name: string, op: string, inputs: unknown, more: object = {}): string {
  const metadata = { op, urn: urn(name), type: "kubernetes:apps/v1:Deployment", new: { inputs }, ...more };
  return JSON.stringify({ resourcePreEvent: { metadata } });
}

describe("the resources of a preview", () => {
  it("are read from the engine's event log, without the stack, its providers and the parts of a replacement", () => {
    const log = [
      step("a", "create", { replicas: 1 }),
      step("stack", "create", {}, { type: "pulumi:pulumi:Stack" }),
      step("provider", "create", {}, { type: "pulumi:providers:kubernetes" }),
      step("b", "create-replacement", {}),
      step("b", "replace", { replicas: 2 }, { detailedDiff: { "spec.selector": {} }, diffs: ["spec"] }),
      '{"resourcePreEvent": {"metadata": ',
    ].join("\n");
    expect([...plannedResources(log).values()].map(({ urn: of, op, fields }) => [of, op, fields])).toEqual([
      [urn("a"), "create", []],
      [urn("b"), "replace", ["spec.selector"]],
    ]);
  });

  it("of a refresh are taken as they were decided, not as they were read", () => {
    const log = [
      step("a", "refresh", {}),
      JSON.stringify({
        resOutputsEvent: {
          metadata: { op: "update", urn: urn("a"), type: "kubernetes:apps/v1:Deployment", diffs: ["spec"], new: {} },
        },
      }),
    ].join("\n");
    expect(deployedChanges(plannedResources(log))).toEqual([
      { change: "update", urn: urn("a"), type: "kubernetes:apps/v1:Deployment", fields: ["spec"] },
    ]);
  });
});

describe("the difference of two plans", () => {
  const plan = (...steps: readonly string[]) => plannedResources(steps.join("\n"));

  it("names what is new, what is gone and which fields differ, and nothing else", () => {
    const base = plan(
      step("kept", "create", { a: [1, 2] }),
      step("gone", "create", {}),
      step("same", "create", { b: 1 }),
    );
    const head = plan(
      step("kept", "create", { a: [1, 3] }),
      step("new", "create", {}),
      step("same", "create", { b: 1 }),
    );
    expect(planDifference(base, head).map(({ change, urn: of, fields }) => [change, of, fields])).toEqual([
      ["delete", urn("gone"), []],
      ["update", urn("kept"), ["a[1]"]],
      ["create", urn("new"), []],
    ]);
  });

  it("goes down to the leaves, and tells a list from an object", () => {
    expect(differingPaths({ a: { b: 1, c: null } }, { a: { b: 2, c: {} }, d: [] })).toEqual(["a.b", "a.c", "d"]);
    expect(differingPaths([], {})).toEqual([""]);
  });
});
