import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { standingZones } from "../../components/zones";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { operationsOf, plannedSteps } from "./change-plan";
import { rehearsalTools, RehearsedExample } from "./rehearsed";

const minutes = 60_000;

describe("a second site, planned through the gate before anything of it stands", () => {
  let toolbox: Toolbox;
  let example: RehearsedExample;

  beforeAll(async () => {
    toolbox = await rehearsalTools();
  }, 30 * minutes);

  afterEach(() => example.close(), 2 * minutes);

  test(
    "is a second file, all of which is made anew, and carries the same platform",
    async () => {
      example = new RehearsedExample(toolbox, "colocation", "colocation-2");
      example.edit("name: colocation\n", "name: colocation-2\n");
      const rehearsal = await example.open("preview");
      const foundation = await rehearsal.runLayer("foundation", "preview");
      expect(foundation.errors).toEqual([]);
      const platform = await rehearsal.runLayer("platform", "preview");
      expect(platform.errors).toEqual([]);
      expect(platform.warnings.join()).toContain("planned Substrate");
      expect([foundation, platform].map(({ code, steps }) => [code, operationsOf(plannedSteps(steps))])).toEqual([
        [0, ["create"]],
        [0, ["create"]],
      ]);
      const urns = [...foundation.steps, ...platform.steps].map(({ urn }) => urn);
      expect(urns.filter((urn) => !/^urn:pulumi:colocation-2-(foundation|platform)::/.test(urn))).toEqual([]);
      expect([...new Set(platform.steps.flatMap((step) => step.namespace ?? []))].sort()).toEqual(
        [...standingZones].sort(),
      );

      // A violation stops the plan, and says how to mend it: the lock must name the private registry's own digests.
      example.edit("registry.fra2.example.internal:5000", "registry.elsewhere.example:5000");
      const refused = await rehearsal.runLayer("platform", "preview");
      expect(refused.code).not.toBe(0);
      expect(refused.policies.filter(({ mandatory }) => mandatory).map(({ policy }) => policy)).toContain("SUP-02");
    },
    5 * minutes,
  );
});
