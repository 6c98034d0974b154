import { beforeAll, describe, expect, it } from "vitest";
import { examine } from "../../../../policies/examination";
import type { State } from "../../../../policies/rule";
import { rules } from "../../../../policies/rules";
import type { Settings } from "../../../../policies/settings";
import { readEnvironment } from "../../../../stacks/environment";
import { leakGateKey, leakGateSignature } from "../../../policies/leak-gate";
import type { World } from "../../recorded-world";
import { digest, recordPlatform } from "../platform-world";

const environment = readEnvironment("on-prem");
const report = `sha256:${"cd".repeat(32)}`;

/** The platform with a model that shows this signature of the leak gate. */
function withGate(signature: string): Promise<World<unknown>> {
  const models = environment.platform.models.map((model) => ({ ...model, leakGate: { digest: report, signature } }));
  return recordPlatform({ ...environment, platform: { ...environment.platform, models } });
}

function verdict(id: string, { resources }: World<unknown>, settings: Settings): State {
  const rule = rules.find((candidate) => candidate.id === id)!;
  const { urn, type, name, inputs } = resources.find((one) => one.name.endsWith("-qwen3-8b-deployment"))!;
  return examine(rule, { urn, type, name, props: inputs, protect: false }, { settings, resources: [] }).state;
}

interface Template {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
}

const template = (world: World<unknown>): Template =>
  (world.inputs("platform-serving-servers-qwen3-8b-deployment").spec as { template: Template }).template;

describe("a model that passed no leak gate", () => {
  let world: World<unknown>;
  beforeAll(async () => {
    world = await recordPlatform(environment);
  });

  it("serves as a trial, and says so", () => {
    const { labels, annotations } = template(world).metadata;
    expect(labels["cloister.dev/stage"]).toBe("trial");
    expect(Object.keys(annotations).filter((name) => name.includes("leak-gate"))).toEqual([]);
    expect(verdict("AI-05", world, {})).toBe("notApplicable");
  });

  it("carries its bill of materials: weights, their licence and the server, by digest", () => {
    const bom = JSON.parse(template(world).metadata.annotations["cloister.dev/model-bom"] ?? "") as object;
    const hashes = [{ alg: "SHA-256", content: digest.slice("sha256:".length) }];
    expect(bom).toMatchObject({
      bomFormat: "CycloneDX",
      components: [
        {
          type: "machine-learning-model",
          name: "qwen3-8b",
          hashes,
          licenses: [{ license: { id: "Apache-2.0" } }],
          externalReferences: [{ url: "hf.co/Qwen/Qwen3-8B" }],
        },
        { type: "container", name: "vllm", hashes },
      ],
    });
    expect(verdict("AI-10", world, {})).toBe("pass");
  });
});

describe("a model whose leak gate is signed", () => {
  it("serves for production, where the gate spoke of these very weights", async () => {
    const world = await withGate(leakGateSignature(report, digest));
    expect(template(world).metadata.labels["cloister.dev/stage"]).toBe("production");
    expect(verdict("AI-05", world, { leakGateKey })).toBe("pass");
    expect(verdict("AI-05", world, {})).toBe("open");
  });

  it("does not, where it spoke of others", async () => {
    const world = await withGate(leakGateSignature(report, report));
    expect(verdict("AI-05", world, { leakGateKey })).toBe("fail");
  });
});
