import { beforeAll, describe, expect, it } from "vitest";
import { layFoundation, planSubstrate } from "../../../components/foundation";
import { substrateSchema, type SubstrateFacts } from "../../../components/substrate";
import { environmentNames, readEnvironment } from "../../../stacks/environment";
import { makeAuthorities } from "../authorities";
import { foundationComputed } from "../computed";
import { record, type World } from "../recorded-world";

const names = environmentNames();
const worlds = new Map<string, World<SubstrateFacts>>();

beforeAll(async () => {
  const authorities = await makeAuthorities(Date.now());
  for (const name of names) {
    const environment = readEnvironment(name);
    worlds.set(name, await record(foundationComputed, () => layFoundation(environment, authorities).substrate));
  }
});

const worldOf = (name: string): World<SubstrateFacts> => {
  const world = worlds.get(name);
  if (world === undefined) throw new Error(`no world of ${name}`);
  return world;
};

/** Every path to a value, so that two objects can be compared by shape alone. */
function shapeOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value)
    .flatMap(([key, child]) => shapeOf(child, `${path}.${key}`))
    .sort();
}

it("covers the three footprints", () => {
  expect(names.map((name) => readEnvironment(name).footprint.kind).sort()).toEqual([
    "colocation",
    "on-prem",
    "private-cloud",
  ]);
});

describe.each(names)("the foundation of %s", (name) => {
  it("offers a Substrate of the planned shape, and leaves no mark of the plan in it", () => {
    const { result } = worldOf(name);
    expect(substrateSchema.parse(result)).toEqual(result);
    expect(shapeOf(result)).toEqual(shapeOf(planSubstrate(readEnvironment(name))));
    expect(JSON.stringify(result.certificates)).not.toContain("planned:");
  });

  it("names every child after its parent, down from the one at the top", () => {
    const { resources } = worldOf(name);
    expect(resources.filter((resource) => resource.parent === undefined).map((resource) => resource.name)).toEqual([
      "foundation",
    ]);
    const strangers = resources.filter(
      ({ parent, name: own }) => parent !== undefined && !own.startsWith(`${parent}-`),
    );
    expect(strangers).toEqual([]);
  });

  it("gives every AWS resource an explicit provider", () => {
    const orphans = worldOf(name).resources.filter(({ type, provider }) => type.startsWith("aws:") && !provider);
    expect(orphans.map((resource) => resource.name)).toEqual([]);
  });

  it("registers each name of a type once", () => {
    const urns = worldOf(name).resources.map((resource) => resource.urn);
    expect(new Set(urns).size).toBe(urns.length);
  });

  it("keeps its URNs: a changed one replaces what stands, unless it ships an alias", async () => {
    const urns = worldOf(name).resources.map((resource) => resource.urn);
    await expect(`${urns.sort().join("\n")}\n`).toMatchFileSnapshot(`golden-urns.${name}.txt`);
  });
});

it("stops on a resource that no test knows", async () => {
  const authorities = await makeAuthorities(Date.now());
  const { "aws:s3/bucket:Bucket": _bucket, ...others } = foundationComputed;
  const laid = record(others, () => layFoundation(readEnvironment("on-prem"), authorities).substrate);
  await expect(laid).rejects.toThrow("the program makes a aws:s3/bucket:Bucket, which no test knows");
});
