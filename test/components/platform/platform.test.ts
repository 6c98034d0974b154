import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { certificateSecretName, certifiedApplications } from "../../../components/certificates";
import type { Platform } from "../../../components/platform";
import { imagesOf } from "../../../components/platform";
import { serverSize } from "../../../components/platform/serving/vllm-args";
import { modelNames } from "../../../components/images";
import { zones } from "../../../components/zones";
import { environmentNames, readEnvironment, type Environment } from "../../../stacks/environment";
import type { World } from "../recorded-world";
import { platformComputed, recordPlatform, workloadsOf } from "./platform-world";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe.each(environmentNames())("the platform of %s", (name) => {
  let world: World<Platform>;
  beforeAll(async () => {
    world = await recordPlatform(readEnvironment(name));
  });

  it("names every child after its parent, down from the one at the top", () => {
    const { resources } = world;
    expect(resources.filter(({ parent }) => parent === undefined).map((resource) => resource.name)).toEqual([
      "platform",
    ]);
    expect(resources.filter(({ parent, name: own }) => parent !== undefined && !own.startsWith(`${parent}-`))).toEqual(
      [],
    );
  });

  it("keeps its URNs: a changed one replaces what stands, unless it ships an alias", async () => {
    const urns = world.resources.map((resource) => resource.urn).sort();
    expect(new Set(urns).size).toBe(urns.length);
    await expect(`${urns.join("\n")}\n`).toMatchFileSnapshot(`golden-urns.${name}.txt`);
  });

  it("makes everything through the one provider, in the namespaces of its zones", () => {
    const objects = world.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects.map(({ provider }) => provider)).toEqual(objects.map(() => "platform-cluster"));
    const isClass = ({ type }: { readonly type: string }) => type.endsWith(":StorageClass");
    // What admits pods to the zones is of the cluster: it names the zones by their label.
    const isAdmission = ({ type }: { readonly type: string }) => type.includes(":admissionregistration.k8s.io/");
    expect(objects.filter(isAdmission)).toHaveLength(2);
    // A class of volumes belongs to no namespace, and stands only where the footprint brings a driver without one.
    expect(objects.filter(isClass)).toHaveLength(name === "private-cloud" ? 1 : 0);
    const outside = objects.filter((object) => {
      if (isClass(object) || isAdmission(object)) return false;
      const { type, inputs } = object;
      const { namespace, name: own } = inputs.metadata as { namespace?: string; name: string };
      return !Object.keys(zones).includes(type.endsWith(":Namespace") ? own : (namespace ?? ""));
    });
    expect(outside).toEqual([]);
  });

  it("hands private keys out in secrets alone, as secrets", () => {
    const secrets = world.ofType("kubernetes:core/v1:Secret");
    expect(secrets.length).toBeGreaterThan(0);
    for (const { inputs } of secrets) expect(pulumi.runtime.isRpcSecret(inputs.data)).toBe(true);
    const elsewhere = world.resources
      .filter((resource) => !secrets.includes(resource))
      .filter(({ inputs }) => {
        const text = JSON.stringify(inputs);
        return text.includes("planned: key") || text.includes(base64("planned: key"));
      });
    expect(elsewhere).toEqual([]);
  });

  it("gives each workload the certificates it needs and no other", () => {
    const held = Object.fromEntries(
      world.ofType("kubernetes:core/v1:Secret").map(({ inputs }) => {
        const { value } = inputs.data as { value: Record<string, string> };
        return [(inputs.metadata as { name: string }).name, Object.keys(value).sort()];
      }),
    );
    expect(held["envoy-tls"]).toEqual(["clients.pem", "door.crt", "door.key", "services.pem"]);
    expect(Object.keys(held).sort()).toEqual(certifiedApplications.map(certificateSecretName).sort());
    expect(held["vllm-tls"]).toEqual(["callers.pem", "vllm.crt", "vllm.key"]);
    // Whoever holds the caller's key is taken for the guard by every model server.
    const holders = (file: string) => Object.keys(held).filter((secret) => held[secret]?.includes(file) === true);
    expect(holders("caller.key")).toEqual(["guard-tls"]);
    expect(held["presidio-tls"]).toEqual(["callers.pem", "presidio.crt", "presidio.key"]);
    expect(holders("clients.pem")).toEqual(["envoy-tls"]);
    expect(holders("ledger-signer.key")).toEqual(["ledger-tls"]);
  });

  it("has one door: no other service leaves the cluster", () => {
    const services = world.ofType("kubernetes:core/v1:Service").map(({ inputs }) => ({
      metadata: inputs.metadata as { name: string; namespace: string },
      spec: inputs.spec as {
        type: string;
        clusterIP?: string;
        externalIPs?: string[];
        loadBalancerSourceRanges?: string[];
      },
    }));
    const leaving = services.filter(({ spec }) => spec.type !== "ClusterIP" || spec.externalIPs !== undefined);
    expect(leaving.map(({ metadata }) => [metadata.namespace, metadata.name])).toEqual([["gateway", "envoy"]]);
    expect(leaving[0]?.spec.loadBalancerSourceRanges).toEqual(
      readEnvironment(name).platform.door.clients.map((client) => client.cidr),
    );
    const headless = services.filter(({ spec }) => spec.clusterIP === "None").map(({ metadata }) => metadata.namespace);
    // Who balances, or has to know which replica it asks, is led to the pods themselves.
    expect(headless.sort()).toEqual([
      "audit",
      "gateway",
      "gateway",
      "gateway",
      ...readEnvironment(name).platform.models.map(() => "serving"),
    ]);
  });

  it("selects with each service and budget the pods of one workload", () => {
    const workloads = workloadsOf(world).map(({ inputs }) => inputs);
    const selected = (selector: Record<string, string>, namespace: string) =>
      workloads.filter(
        ({ metadata, spec }) =>
          metadata.namespace === namespace &&
          Object.entries(selector).every(([key, value]) => spec.template.metadata.labels[key] === value),
      );
    const selectors = [
      ...world.ofType("kubernetes:core/v1:Service").map(({ inputs }) => ({
        namespace: (inputs.metadata as { namespace: string }).namespace,
        selector: (inputs.spec as { selector: Record<string, string> }).selector,
      })),
      ...world.ofType("kubernetes:policy/v1:PodDisruptionBudget").map(({ inputs }) => ({
        namespace: (inputs.metadata as { namespace: string }).namespace,
        selector: (inputs.spec as { selector: { matchLabels: Record<string, string> } }).selector.matchLabels,
      })),
    ];
    for (const { selector, namespace } of selectors) expect(selected(selector, namespace)).toHaveLength(1);
  });
});

it("raises the ceilings of model servers with their number", async () => {
  const environment = readEnvironment("on-prem");
  const [first] = environment.platform.models;
  if (first === undefined) throw new Error("the example has a model");
  const models = modelNames.map((name) => ({ ...first, name, replicas: 20, gpusPerReplica: 2 }));
  const world = await recordPlatform({ ...environment, platform: { ...environment.platform, models } });
  const { hard } = world.inputs("platform-serving-quota").spec as { hard: Record<string, string> };
  const pods = models.length * 21;
  expect(pods * serverSize.cpus).toBeGreaterThan(zones.serving.quota.cpus);
  expect(hard).toMatchObject({
    "requests.cpu": `${pods * serverSize.cpus}`,
    "limits.cpu": `${pods * serverSize.cpus}`,
    "limits.memory": `${pods * serverSize.memoryGib}Gi`,
    pods: `${Math.max(pods, zones.serving.quota.pods)}`,
    "requests.nvidia.com/gpu": `${pods * 2}`,
  });
  expect(world.inputs("platform-gateway-quota").spec).toMatchObject({ hard: { "requests.nvidia.com/gpu": "0" } });
});

describe("system nodes without room for it", () => {
  const small = (): Environment => {
    const environment = readEnvironment("private-cloud");
    const { footprint } = environment;
    if (footprint.kind !== "private-cloud") throw new Error("the example is of the cloud");
    return { ...environment, footprint: { ...footprint, systemPool: { instanceType: "m7i.large", nodes: 2 } } };
  };

  it("are refused, with what its own workloads ask for", async () => {
    await expect(recordPlatform(small())).rejects.toThrow("The system nodes have no room for the platform");
    await expect(recordPlatform(small())).rejects.toThrow(/asked for by \d+ pods[^]*what 2 nodes have/);
  });
});

it("names every image it runs", () => {
  const running = (enabled: boolean) => imagesOf({ models: [{ name: "qwen3-8b" }], guard: { presidio: { enabled } } });
  expect(running(true)).toEqual([
    ...["envoy", "guard", "ratelimit", "valkey", "presidio", "vllm", "ledger", "collector", "mlflow", "prometheus"],
    "qwen3-8b",
  ]);
  expect(running(false)).toEqual(running(true).filter((name) => name !== "presidio"));
});

it("stops on a resource that no test knows", async () => {
  const { "kubernetes:core/v1:Secret": _secret, ...others } = platformComputed;
  await expect(recordPlatform(readEnvironment("on-prem"), others)).rejects.toThrow(
    "the program makes a kubernetes:core/v1:Secret, which no test knows",
  );
});
