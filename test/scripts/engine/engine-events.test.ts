import { describe, expect, test } from "vitest";
import { parseEvents, progressOf, report } from "../../../scripts/engine/engine-events";

const urn = (name: string) => `urn:pulumi:a::cloister::kubernetes:core/v1:ConfigMap::${name}`;
const pre = (name: string, op: string) => ({
  resourcePreEvent: {
    metadata: {
      op,
      urn: urn(name),
      type: "kubernetes:core/v1:ConfigMap",
      new: { inputs: { metadata: { name, namespace: "gateway" } } },
    },
  },
});
const outputs = (name: string, op: string) => ({
  resOutputsEvent: { metadata: { op, urn: urn(name), type: "kubernetes:core/v1:ConfigMap" } },
});
const log = (...events: object[]) => events.map((event) => JSON.stringify(event)).join("\n");

describe("the engine's event log", () => {
  test("is read as far as it is whole", () => {
    expect(parseEvents(`${log(pre("one", "create"))}\n{"resourcePreEvent":{"meta`)).toHaveLength(1);
  });

  test("of an `up` tells the update, not the preview before it", () => {
    const events = parseEvents(
      log(
        { preludeEvent: {} },
        pre("one", "create"),
        { summaryEvent: { resourceChanges: { create: 9 } } },
        { preludeEvent: {} },
        pre("one", "create"),
        outputs("one", "create"),
        { summaryEvent: { isPreview: false, resourceChanges: { create: 1 } } },
      ),
    );
    expect(report(events)).toMatchObject({
      steps: [{ op: "create", urn: urn("one"), namespace: "gateway" }],
      changes: { create: 1 },
      onlyPlanned: false,
    });
    expect(progressOf(events)).toEqual({ phase: "update", done: 1 });
  });

  test("of an `up` that its preview stopped tells that nothing was made", () => {
    const summaryEvent = { isPreview: true, resourceChanges: { create: 9 } };
    expect(report(parseEvents(log({ preludeEvent: {} }, pre("one", "create"), { summaryEvent }))).onlyPlanned).toBe(
      true,
    );
  });

  test("of a refresh tells what became of each resource", () => {
    const events = parseEvents(
      log(
        { preludeEvent: {} },
        pre("gone", "refresh"),
        outputs("gone", "delete"),
        pre("here", "refresh"),
        outputs("here", "same"),
      ),
    );
    expect(report(events).steps.map(({ op }) => op)).toEqual(["delete", "same"]);
  });

  test("counts a replacement once", () => {
    const events = parseEvents(
      log({ preludeEvent: {} }, pre("one", "delete-replaced"), pre("one", "create-replacement"), pre("one", "replace")),
    );
    expect(report(events).steps.map(({ op }) => op)).toEqual(["replace"]);
  });

  test("tells each policy's message once, without the engine's colours", () => {
    const violation = {
      policyEvent: {
        policyName: "NET-09",
        message: "<{%reset%}>exposed<{%reset%}>\n",
        enforcementLevel: "mandatory",
        resourceUrn: urn("one"),
      },
    };
    expect(report(parseEvents(log({ preludeEvent: {} }, violation, violation))).policies).toEqual([
      { policy: "NET-09", message: "exposed", mandatory: true, urn: urn("one") },
    ]);
  });
});
