import { describe, expect, it } from "vitest";
import { leafSpecifications, objectName } from "../../components/certificates";
import { dataClass, dataClassNames, type DataClass } from "../../components/data-classes";
import { planGrants, roleSuffix } from "../../components/foundation/grants";
import { planSubstrate } from "../../components/foundation";
import { imageCatalogue, imageReferences, type ImageLock, type LockEntry } from "../../components/images";
import { KitError } from "../../components/kit-error";
import { Substrate } from "../../components/substrate";
import { standingZones } from "../../components/zones";
import { readEnvironment } from "../../stacks/environment";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const entry = (name: keyof typeof imageCatalogue, changes: Partial<LockEntry> = {}): LockEntry => ({
  upstream: imageCatalogue[name].upstream,
  repository: imageCatalogue[name].repository,
  digest,
  origin: "mirrored",
  ...changes,
});
const lockOf = (entries: ImageLock["entries"]): ImageLock => ({ apiVersion: "cloister.dev/image-lock/v1", entries });
const references = (lock: ImageLock | undefined, placeholders = false) =>
  imageReferences({
    environment: "on-prem",
    registry: "registry.example.internal:5000",
    lock,
    lockPath: "stacks/on-prem/images.lock.json",
    needed: ["envoy", "vllm"],
    placeholders,
  });
const found = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof KitError) return error.mistakes.map((mistake) => `${mistake.path}: ${mistake.found}`);
    throw error;
  }
  return [];
};

describe("images", () => {
  it("are named by digest in the private registry", () => {
    const image = references(lockOf({ envoy: entry("envoy"), vllm: entry("vllm") }));
    expect(image("envoy")).toBe(`registry.example.internal:5000/envoyproxy/envoy@${digest}`);
    expect(() => image("mlflow")).toThrow("image mlflow was not declared as needed");
  });

  it("stop the program when there is no lock, and say which command makes one", () => {
    expect(found(() => references(undefined))).toEqual([
      "stacks/on-prem/images.lock.json entries.envoy: no lock file",
      "stacks/on-prem/images.lock.json entries.vllm: no lock file",
    ]);
    expect(() => references(undefined)).toThrow("npm run cloister -- images mirror on-prem");
  });

  it.each([
    ["no entry", undefined],
    ["digest sha256:abc", entry("vllm", { digest: "sha256:abc" })],
    [`digest ${digest.toUpperCase()}`, entry("vllm", { digest: digest.toUpperCase() })],
    ["an entry for docker.io/old in vllm/vllm-openai", entry("vllm", { upstream: "docker.io/old" })],
    [`an entry for ${imageCatalogue.vllm.upstream} in elsewhere/vllm`, entry("vllm", { repository: "elsewhere/vllm" })],
    ["a placeholder that a rehearsal pushed", entry("vllm", { origin: "placeholder" })],
  ])("are refused for %s", (what, vllm) => {
    expect(found(() => references(lockOf({ envoy: entry("envoy"), vllm })))).toEqual([
      `stacks/on-prem/images.lock.json entries.vllm: ${what}`,
    ]);
  });

  it("may be placeholders in a rehearsal", () => {
    const lock = lockOf({ envoy: entry("envoy", { origin: "placeholder" }), vllm: entry("vllm") });
    expect(references(lock, true)("envoy")).toContain(digest);
  });

  it("each have a repository and a tag of their own", () => {
    const places = Object.values(imageCatalogue).map(({ repository, tag }) => `${repository}:${tag}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe("grants", () => {
  it("are one row for each identity and class, with every verb of the list", () => {
    const rows = planGrants();
    const keys = rows.map(({ identity, dataClass: name }) => `${identity} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const name of dataClassNames) {
      const facts: DataClass = dataClass(name);
      for (const [verb, identities] of [
        ["read", facts.readers],
        ["write", facts.writers],
      ] as const) {
        const granted = rows.filter((row) => row.dataClass === name && row.verbs.includes(verb));
        expect(granted.map((row) => row.identity).sort()).toEqual([...identities].sort());
      }
    }
  });

  it("go to service accounts of zones that stand", () => {
    for (const { identity } of planGrants()) expect(standingZones).toContain(identity.split("/")[0]);
    expect(roleSuffix("models/mlflow")).toBe("models-mlflow");
  });
});

describe("the Substrate", () => {
  const onPrem = new Substrate(planSubstrate(readEnvironment("on-prem")), true);
  const cloud = new Substrate(planSubstrate(readEnvironment("private-cloud")), true);

  it("binds a pod to its role in the footprint's own way", () => {
    expect(onPrem.grant("models/mlflow", "weights", ["read", "write"])).toEqual({
      role: "arn:aws:iam:::role/on-prem-models-mlflow",
      annotations: { "cloister.dev/store-role": "arn:aws:iam:::role/on-prem-models-mlflow" },
      tokenAudience: "https://s3.ams1.example.internal",
    });
    expect(cloud.grant("models/mlflow", "weights", ["read"])).toEqual({
      role: "arn:aws:iam::111122223333:role/cloister-private-cloud-models-mlflow",
      annotations: {},
    });
  });

  it("refuses what the list of data classes does not grant", () => {
    const refusals = [
      found(() => onPrem.grant("serving/vllm", "weights", ["read", "write"])),
      found(() => onPrem.grant("serving/vllm", "audit", ["read"])),
      found(() => onPrem.grant("audit/nobody", "audit", ["write"])),
    ];
    expect(refusals).toEqual([
      ["grant(serving/vllm, weights): a wish to write"],
      ["grant(serving/vllm, audit): a wish to read"],
      ["grant(audit/nobody, audit): a wish to write"],
    ]);
  });

  it("has a certificate and a pool by name, and says which is missing", () => {
    expect(onPrem.certificate("door").notAfter).toBe("planned: end");
    expect(() => onPrem.certificate("nobody")).toThrow("the foundation issued no certificate named nobody");
    expect(cloud.gpuPool("l40s")).toEqual({ name: "l40s", product: "NVIDIA-L40S", gpusPerNode: 4, nodes: 2 });
    expect(() => cloud.gpuPool("none")).toThrow("the foundation has no GPU pool named none");
  });
});

describe("certificates", () => {
  const leaves = leafSpecifications({
    doorHost: "llm.example.internal",
    clients: ["support-desk"],
    models: ["llama-3.1-8b-instruct"],
  });

  it("keep the circles apart: callers of models come from an authority of their own", () => {
    const ofAuthority = (authority: string) =>
      Object.entries(leaves).flatMap(([name, leaf]) => (leaf.authority === authority ? [name] : []));
    expect(ofAuthority("callers")).toEqual(["caller"]);
    expect(ofAuthority("clients")).toEqual(["client-support-desk"]);
    expect(leaves.caller?.uses).toEqual(["client_auth"]);
    expect(leaves.vllm?.uses).toEqual(["server_auth"]);
  });

  it("bear the names by which their servers are called", () => {
    expect(leaves.door?.dnsNames).toEqual(
      expect.arrayContaining(["envoy.gateway.svc", "envoy.gateway.svc.cluster.local", "llm.example.internal"]),
    );
    expect(leaves.vllm?.dnsNames).toEqual([
      "llama-3-1-8b-instruct.serving.svc",
      "llama-3-1-8b-instruct.serving.svc.cluster.local",
    ]);
    expect(objectName("llama-3.1-8b")).toBe("llama-3-1-8b");
  });

  it("have common names that X.509 has room for", () => {
    const long = Object.values(leaves).filter((leaf) => leaf.commonName.length > 64);
    expect(long).toEqual([]);
  });
});
