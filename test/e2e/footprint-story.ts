import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { layers, readEnvironment } from "../../stacks/environment";
import { changesPage, operationsOf, planChange, type ChangePlan } from "./change-plan";
import { changes } from "./changes";
import { cloudInState, cloudThere } from "./moto-account";
import { expectJudged } from "../judges/expect-judged";
import { secretsThere } from "./raw-etcd";
import { rehearsalTools, RehearsedExample } from "./rehearsed";
import {
  bucketsInState,
  bucketsThere,
  isStateful,
  objectsInState,
  objectsThere,
  type StandingResource,
  standing,
  unguarded,
  vanished,
} from "./standing";

const minutes = 60_000;

/** All of the platform that a person could have made by hand. */
const kinds = [
  "namespaces",
  "deployments",
  "statefulsets",
  "services",
  "serviceaccounts",
  "networkpolicies",
  "configmaps",
  "poddisruptionbudgets",
  "resourcequotas",
  "limitranges",
  "storageclasses",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
];

export interface Told {
  readonly example: RehearsedExample;
  readonly rehearsal: Rehearsal;
}

/** What stands is what the state says: nothing twice, nothing missing, nothing left over. */
export async function expectAccounted({ example, rehearsal }: Told): Promise<void> {
  const resources = layers.flatMap((layer) => standing(example, layer));
  const urns = resources.map(({ urn }) => urn);
  expect(urns.filter((urn, index) => urns.indexOf(urn) !== index)).toEqual([]);
  expect(await thereWithSecrets({ example, rehearsal }, kinds)).toEqual(objectsInState(resources));
  expect(await groundThere({ example, rehearsal })).toEqual(groundInState({ example, rehearsal }, resources));
}

/** What the cluster really holds; nobody may list its Secrets, so etcd is asked for their names. */
async function thereWithSecrets({ example, rehearsal }: Told, wanted: readonly string[]): Promise<string[]> {
  const secrets = await secretsThere(await rehearsal.controlPlane());
  return [...(await objectsThere(example, wanted)), ...secrets.map((name) => `Secret ${name}`)].sort();
}

/** What the ground really holds: the account in moto, where there is one, and else the store's buckets. */
function groundThere({ example, rehearsal }: Told): Promise<string[]> {
  const { footprint } = readEnvironment(example.name, example.folder);
  if (footprint.kind !== "private-cloud") return bucketsThere(rehearsal.site.store);
  if (rehearsal.site.moto === undefined) throw new Error("moto could not be had: nothing answers for AWS");
  return cloudThere(rehearsal.site.moto, footprint.account, footprint.region);
}

const groundInState = ({ rehearsal }: Told, resources: readonly StandingResource[]): string[] =>
  rehearsal.site.moto === undefined ? bucketsInState(resources) : cloudInState(resources);

/** Nothing that holds data could be taken away by one careless run, and no URN went without an alias. */
export function expectGuarded({ example }: Told, planned: readonly string[] = []): void {
  const resources = layers.flatMap((layer) => standing(example, layer));
  expect(resources.filter(isStateful).length).toBeGreaterThan(0);
  expect(unguarded(resources)).toEqual([]);
  expect(vanished(example, planned)).toEqual([]);
}

/** Asks the engine for the plan of each change in the table, and keeps the page that shows them. */
export async function expectChanges({ example, rehearsal }: Told): Promise<ChangePlan[]> {
  const plans: ChangePlan[] = [];
  for (const change of changes[example.name] ?? []) {
    const plan = await planChange(example, rehearsal, change);
    const { what, steps, errors } = plan;
    if (change.refused === undefined) expect({ what, errors }).toEqual({ what, errors: [] });
    else expect(errors.join("\n"), what).toMatch(change.refused);
    const lost = layers
      .flatMap((layer) => steps[layer])
      .filter(({ op, type, name }) => ["replace", "delete"].includes(op) && isStateful({ type, urn: name }));
    expect({ what, lost }).toEqual({ what, lost: [] });
    if (change.refused === undefined) {
      const operations = Object.fromEntries(layers.map((layer) => [layer, operationsOf(steps[layer])]));
      expect.soft({ what, ...operations }).toEqual({ what, foundation: [], platform: [], ...change.plans });
    }
    plans.push(plan);
  }
  const page = await changesPage(example.name, plans);
  await expect(page).toMatchFileSnapshot(join(resolve(__dirname, "../../docs/changes"), `${example.name}.md`));
  return plans;
}

/** Takes both stacks down; only what nobody may delete is left. */
export async function expectNothingLeft({ example, rehearsal }: Told): Promise<void> {
  const told = { example, rehearsal };
  const retained = standing(example, "foundation").filter(({ retainOnDelete }) => retainOnDelete === true);
  const kept = groundInState(told, retained);
  const results = await rehearsal.destroy();
  expect(results.map(({ code, errors }) => ({ code, errors }))).toEqual([
    { code: 0, errors: [] },
    { code: 0, errors: [] },
  ]);
  expect(layers.flatMap((layer) => standing(example, layer))).toEqual([]);
  expect(await thereWithSecrets(told, [...kinds, "pods", "persistentvolumeclaims"])).toEqual([]);
  expect(await groundThere(told)).toEqual(kept);
}

/** A footprint from nothing to nothing, told in order: each test goes on where the one before it ended. */
export function tellFootprint(name: string, before: readonly (readonly [from: string, to: string])[] = []): void {
  describe(`${name}, from nothing to nothing`, () => {
    let told: Told;
    let released = false;

    beforeAll(async () => {
      const example = new RehearsedExample(await rehearsalTools(), name);
      for (const [from, to] of before) example.edit(from, to);
      told = { example, rehearsal: await example.open("up") };
    }, 30 * minutes);

    afterAll(() => told.example.close(), 2 * minutes);

    test(
      "comes up from nothing and is released",
      async () => {
        const summary = await told.rehearsal.run();
        expect(summary.stacks.flatMap(({ errors, refused }) => [...errors, ...refused])).toEqual([]);
        expect(summary.outcome).toBe("released");
        expect(summary.policies).toMatchObject({ fail: 0, open: 0 });
        await expectAccounted(told);
        released = true;
      },
      5 * minutes,
    );

    test("stands before the judges that others wrote", () => expectJudged(told.example), 10 * minutes);

    test(
      "plans each change as the table says, and keeps what holds data",
      async () => {
        if (!released) throw new Error("a change is told of what was released, which nothing was");
        const plans = await expectChanges(told);
        const created = plans.flatMap(({ steps }) => layers.flatMap((layer) => steps[layer].map(({ urn }) => urn)));
        expectGuarded(told, created);
      },
      10 * minutes,
    );

    test("leaves nothing behind when it is destroyed", () => expectNothingLeft(told), 5 * minutes);
  });
}
