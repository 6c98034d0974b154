import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { standingZones } from "../../components/zones";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { rehearsalTools, RehearsedExample } from "./rehearsed";

const minutes = 60_000;

describe("the other footprints, planned through the gate", () => {
  let toolbox: Toolbox;
  let example: RehearsedExample;

  beforeAll(async () => {
    toolbox = await rehearsalTools();
  }, 30 * minutes);

  afterEach(() => example.close(), 2 * minutes);

  test.each([
    ["private-cloud", "aws:eks/cluster:Cluster"],
    ["colocation", "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"],
  ])(
    "%s carries the same platform",
    async (name, ground) => {
      example = new RehearsedExample(toolbox, name);
      const rehearsal = await example.open("preview");
      const foundation = await rehearsal.runLayer("foundation", "preview");
      expect(foundation.errors).toEqual([]);
      expect(foundation.steps.map((step) => step.type)).toContain(ground);
      const platform = await rehearsal.runLayer("platform", "preview");
      expect(platform.errors).toEqual([]);
      expect(platform.code).toBe(0);
      expect(platform.warnings.join()).toContain("planned Substrate");
      expect([...new Set(platform.steps.flatMap((step) => step.namespace ?? []))].sort()).toEqual(
        [...standingZones].sort(),
      );
    },
    5 * minutes,
  );

  test(
    "a violation stops the plan, and says how to mend it",
    async () => {
      example = new RehearsedExample(toolbox, "colocation");
      const rehearsal = await example.open("preview");
      // The lock must name the private registry's own digests: another registry is not the environment's.
      example.edit("registry.fra2.example.internal:5000", "registry.elsewhere.example:5000");
      const platform = await rehearsal.runLayer("platform", "preview");
      expect(platform.code).not.toBe(0);
      expect(platform.policies.filter(({ mandatory }) => mandatory).map(({ policy }) => policy)).toContain("SUP-02");
    },
    5 * minutes,
  );
});
