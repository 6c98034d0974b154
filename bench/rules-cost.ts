import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { packConfiguration } from "../policies/analyze";
import { installStandIn } from "../rehearsal/providers/install";
import { compliantWorld, settings } from "../test/policies/world";
import { EngineWorkspace } from "../test/rehearsal/engine";
import { compare, interleaved, type Comparison } from "./measurement";

/** Resources, and how many pairs of previews are compared: the large ones differ less from each other, and take longer. */
const sizes = [
  { count: 100, rounds: 5 },
  { count: 500, rounds: 3 },
  { count: 2000, rounds: 2 },
] as const;
const goal = 1.3;

/** Registers what a file beside it lists, and nothing else: what is measured is the gate. */
const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
class Any extends pulumi.CustomResource {}
class AnyComponent extends pulumi.ComponentResource {
  constructor(type: string, name: string, props: pulumi.Inputs) {
    super(type, name, props);
    this.registerOutputs(props);
  }
}
class AnyProvider extends pulumi.ProviderResource {}
const provider = new AnyProvider("aws", "aws", { region: "eu-central-1" });
const made: Record<string, pulumi.CustomResource> = {};
for (const { type, name, props, protect, from } of JSON.parse(readFileSync(__dirname + "/fixtures.json", "utf8"))) {
  if (type.startsWith("cloister:")) {
    new AnyComponent(type, name, props);
    continue;
  }
  const linked = Object.fromEntries(Object.entries(from ?? {}).map(([key, other]) => [key, made[other as string]!.id]));
  const options = { protect, ...(type.startsWith("aws:") ? { provider } : {}) };
  made[name] = new Any(type, name, { ...props, ...linked }, options);
}
`;

/** What nothing else of the world needs: left out where the whole of it is more than was asked for. */
const standsAlone =
  /^(rack|training|tune|agent|vectors|authority|leaf|lone|listener|passing|redirecting|classic|mesh|chart|ingress|rotation|release|certificate|people|raw|weights)(-|$)/;

/**
 * So many resources: as many worlds that pass as go into it, which have every kind that a rule looks at, each under names of
 * its own; the rest are workloads.
 */
function resources(count: number): object[] {
  const all: object[] = [];
  const whole = compliantWorld();
  const world = whole.length <= count ? whole : whole.filter(({ name }) => !standsAlone.test(name));
  for (let copy = 0; all.length + world.length <= count; copy++) {
    const own = (name: string) => `world-${copy}-${name}`;
    for (const { from = {}, ...fixture } of world) {
      // Two service accounts with one role are a finding, so there is one.
      if (copy > 0 && fixture.type.endsWith(":PodIdentityAssociation")) continue;
      const links = Object.fromEntries(Object.entries(from).map(([key, name]) => [key, own(name)]));
      all.push({ ...fixture, name: own(fixture.name), from: links });
    }
  }
  const workload = world.find(({ type }) => type.endsWith(":Deployment"))!;
  while (all.length < count) all.push({ ...workload, name: `workload-${all.length}` });
  return all;
}

/** The preview of a plan with the whole pack, against the same plan with a pack of one rule, at each size. */
export async function measureRulesCost(): Promise<Comparison[]> {
  const verdicts = await mkdtemp(join(tmpdir(), "cloister-bench-verdicts-"));
  const workspace = await EngineWorkspace.create({ program, environment: { CLOISTER_VERDICTS_DIR: verdicts } });
  try {
    for (const name of ["kubernetes", "aws", "random", "tls"]) {
      const entry = resolve(__dirname, "../test/policies/accept-all-provider.ts");
      await installStandIn({ pulumiHome: workspace.pulumiHome, name, version: "1.0.0", entry });
    }
    const configuration = join(workspace.directory, "pack.json");
    await writeFile(configuration, packConfiguration(settings));
    const preview = async (...flags: string[]): Promise<number> => {
      const begun = performance.now();
      const { code, output } = await workspace.preview(...flags);
      if (code !== 0) throw new Error(output);
      return (performance.now() - begun) / 1000;
    };
    const pack = resolve(__dirname, "../policies");
    const whole = () => preview("--policy-pack", pack, "--policy-pack-config", configuration);
    const one = () => preview("--policy-pack", join(__dirname, "one-rule-pack"));
    const comparisons: Comparison[] = [];
    for (const { count, rounds } of sizes) {
      await writeFile(join(workspace.directory, "fixtures.json"), JSON.stringify(resources(count)));
      comparisons.push(
        compare({
          name: `rules-${count}`,
          goal,
          sides: [`preview of ${count} resources with the whole pack`, "with a pack of one rule"],
          rounds: await interleaved(rounds, whole, one),
        }),
      );
    }
    return comparisons;
  } finally {
    await workspace.remove();
    await rm(verdicts, { recursive: true, force: true });
  }
}
