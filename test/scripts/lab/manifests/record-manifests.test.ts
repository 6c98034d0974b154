import { describe, expect, it } from "vitest";
import { planSubstrate } from "../../../../components/foundation";
import { Platform } from "../../../../components/platform";
import { Substrate } from "../../../../components/substrate";
import { recordManifests } from "../../../../scripts/lab/manifests/record-manifests";
import { environmentNames, readEnvironment } from "../../../../stacks/environment";
import { platformComputed } from "../../../components/platform/platform-world";
import { record } from "../../../components/recorded-world";
import { digest, manifestsOf, platformArgsOf } from "../lab-world";

const names = (objects: readonly { kind: string; metadata: { name: string; namespace?: string } }[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`).sort();

describe("recordManifests", () => {
  it.each(environmentNames())("gives every object that the platform of %s asks the cluster for", async (name) => {
    const world = await record(platformComputed, () => new Platform("platform", platformArgsOf(name)));
    const asked = world.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    const objects = await manifestsOf(name);
    expect(names(objects)).toEqual(names(asked.map(({ inputs }) => inputs as never)));
    expect(objects.length).toBeGreaterThan(50);
  });

  it("gives secrets in clear", async () => {
    const objects = await manifestsOf("on-prem");
    const secret = objects.find(({ kind, metadata }) => kind === "Secret" && metadata.name === "envoy-tls");
    const { data } = secret as unknown as { data: Record<string, string> };
    const { leaves } = planSubstrate(readEnvironment("on-prem")).certificates;
    expect(Buffer.from(data["door.key"] ?? "", "base64").toString()).toBe(leaves["door"]?.privateKey);
  });

  it("gives the same for the same, one recording after the other or both at once", async () => {
    const [first, second] = await Promise.all([manifestsOf("on-prem"), manifestsOf("on-prem")]);
    expect(second).toEqual(first);
    expect(await manifestsOf("on-prem")).toEqual(first);
  });

  it("fails as the component fails, and records again after it", async () => {
    const environment = readEnvironment("on-prem");
    const facts = planSubstrate(environment);
    const image = (one: string) => `registry/${one}@${digest}`;
    const ungranted = new Substrate({ ...facts, grants: [] }, true);
    await expect(recordManifests({ ...environment.platform, substrate: ungranted, image })).rejects.toThrow(
      "A grant is not in the list of data classes",
    );
    expect(await manifestsOf("on-prem")).not.toEqual([]);
  });
});
