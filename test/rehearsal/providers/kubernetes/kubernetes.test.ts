import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControlPlane, type ControlPlane } from "../../../../rehearsal/control-plane/control-plane";
import { FAIL_LABEL } from "../../../../rehearsal/control-plane/kwok-stages";
import { Supervisor } from "../../../../rehearsal/processes/supervisor";
import { installProviders } from "../../../../rehearsal/providers/install";
import { Cluster } from "../../../../rehearsal/providers/kubernetes/cluster";
import { loadAccess } from "../../../../rehearsal/providers/kubernetes/kubeconfig";
import type { Properties } from "../../../../rehearsal/providers/provider";
import { binaries, nodes, throwawayFiles, podSpec } from "../../control-plane/fixtures";
import { EngineWorkspace, type EngineRun } from "../../engine";
import { tools } from "../../tools";

let directory: string;
let supervisor: Supervisor;
let plane: ControlPlane;
let workspace: EngineWorkspace;
let cluster: Cluster;

beforeAll(async () => {
  const toolbox = await tools("etcd", "kubernetes", "kwok");
  directory = mkdtempSync(join(tmpdir(), "cloister-kubernetes-"));
  supervisor = await Supervisor.start(directory);
  plane = await startControlPlane(
    {
      directory,
      context: "cloister-test",
      kubernetesVersion: "1.36",
      nodes,
      binaries: binaries(toolbox),
      files: await throwawayFiles(directory),
    },
    supervisor,
  );
  workspace = await EngineWorkspace.create({
    program: "export {};",
    environment: { KUBECONFIG: plane.kubeconfigPath },
  });
  await installProviders({ pulumiHome: workspace.pulumiHome, providers: ["kubernetes"] });
  cluster = new Cluster(loadAccess({ kubeconfig: plane.kubeconfigPath }), "default");
}, 1_800_000);

afterAll(async () => {
  await workspace.remove();
  await supervisor.stop();
  rmSync(directory, { recursive: true });
});

const program = (body: string) => `
  import * as k8s from "@pulumi/kubernetes";
  import * as pulumi from "@pulumi/pulumi";
  ${body}
`;

const zone = (labels: Record<string, string> = {}) =>
  `const zone = new k8s.core.v1.Namespace("zone", { metadata: { name: "zone", labels: ${JSON.stringify(labels)} } });`;

const settings = (data: Record<string, string>, more = "") => `
  new k8s.core.v1.ConfigMap("settings", {
    metadata: { name: "settings", namespace: zone.metadata.name }, data: ${JSON.stringify(data)}, ${more}
  });`;

const workload = (spec: Record<string, unknown>, labels: Record<string, string> = {}, options = "") => `
  new k8s.apps.v1.Deployment("workload", {
    metadata: { name: "workload", namespace: zone.metadata.name },
    spec: {
      selector: { matchLabels: { app: "workload" } },
      template: { metadata: { labels: ${JSON.stringify({ app: "workload", ...labels })} }, spec: ${JSON.stringify(podSpec())} },
      ...${JSON.stringify(spec)},
    },
  }, { ${options} });`;

async function deploy(body: string): Promise<EngineRun> {
  await workspace.write(program(body));
  return workspace.up();
}

async function preview(body: string): Promise<EngineRun> {
  await workspace.write(program(body));
  return workspace.preview();
}

const operations = (run: EngineRun) =>
  run.steps.filter(({ type }) => type.startsWith("kubernetes:")).map(({ name, op }) => `${name} ${op}`);

const changes = (run: EngineRun, resource: string) =>
  Object.keys(run.steps.find(({ name, op }) => name === resource && op === "update")?.detailedDiff ?? {});

async function find(
  apiVersion: string,
  kind: string,
  name: string,
  namespace = "zone",
): Promise<Properties | undefined> {
  const mapping = await cluster.discovery.find(apiVersion, kind);
  return mapping && cluster.get({ mapping, name, namespace });
}

/** Somebody else's change. */
async function meddle(object: Properties): Promise<void> {
  const mapping = await cluster.discovery.expect(
    object.apiVersion as string,
    object.kind as string,
    new AbortController().signal,
  );
  const options = { manager: "somebody-else", dryRun: false, force: true, signal: new AbortController().signal };
  await cluster.apply(cluster.address(mapping, object), object, options);
}

describe("the stand-in for the kubernetes provider, against a real API server", { timeout: 120_000 }, () => {
  it("creates objects, and changes nothing the second time", async () => {
    const body = zone() + settings({ colour: "red" }) + workload({ replicas: 2 });
    const planned = await preview(body);
    expect(planned.code, planned.output).toBe(0);
    expect(operations(planned)).toEqual(expect.arrayContaining(["zone create", "settings create", "workload create"]));
    expect(await find("v1", "Namespace", "zone")).toBeUndefined();

    const made = await workspace.up();
    expect(made.code, made.output).toBe(0);
    expect(await find("v1", "ConfigMap", "settings")).toMatchObject({ data: { colour: "red" } });
    // The Deployment was waited for: its pods are available when `up` ends.
    expect(await find("apps/v1", "Deployment", "workload")).toMatchObject({ status: { availableReplicas: 2 } });

    const again = await workspace.up();
    expect(operations(again).sort()).toEqual(["settings same", "workload same", "zone same"]);
  });

  it("updates in place what can be updated", async () => {
    const changed = await deploy(zone({ tier: "one" }) + settings({ colour: "blue" }) + workload({ replicas: 1 }));
    expect(changed.code, changed.output).toBe(0);
    expect(operations(changed).sort()).toEqual(["settings update", "workload update", "zone update"]);
    expect(changes(changed, "workload")).toEqual(["spec.replicas"]);
    expect(await find("v1", "ConfigMap", "settings")).toMatchObject({ data: { colour: "blue" } });
  });

  it("replaces where a field is immutable, the old object first, because names are fixed", async () => {
    const before = await find("apps/v1", "Deployment", "workload");
    const relabelled = { matchLabels: { app: "workload", generation: "two" } };
    const template = {
      metadata: { labels: { app: "workload", generation: "two" } },
      spec: podSpec(),
    };
    const replaced = await deploy(
      zone() +
        settings({ colour: "blue" }, "immutable: true") +
        workload({ replicas: 1, selector: relabelled, template }),
    );
    expect(replaced.code, replaced.output).toBe(0);
    const steps = operations(replaced).filter((step) => step.startsWith("workload"));
    expect(steps.sort()).toEqual(["workload create-replacement", "workload delete-replaced", "workload replace"]);
    const after = await find("apps/v1", "Deployment", "workload");
    expect(after?.metadata).not.toMatchObject({ uid: (before?.metadata as { uid: string }).uid });

    // Once immutable, a ConfigMap's data takes a new object too.
    const sealed = await deploy(
      zone() +
        settings({ colour: "green" }, "immutable: true") +
        workload({ replicas: 1, selector: relabelled, template }),
    );
    expect(sealed.code, sealed.output).toBe(0);
    expect(operations(sealed)).toContain("settings replace");
    expect(await find("v1", "ConfigMap", "settings")).toMatchObject({ data: { colour: "green" } });
  });

  it("asks the server where its own list of immutable fields is silent", async () => {
    const claim = (size: string, strategy: string) => `${zone()}
      new k8s.apps.v1.ReplicaSet("copies", {
        metadata: { name: "copies", namespace: zone.metadata.name },
        spec: { replicas: 0, selector: { matchLabels: { app: "copies" } },
          template: { metadata: { labels: { app: "copies" } }, spec: ${JSON.stringify(podSpec())} } } });
      new k8s.core.v1.PersistentVolume("disk", {
        metadata: { name: "disk" },
        spec: { capacity: { storage: "${size}" }, accessModes: ["ReadWriteOnce"], persistentVolumeReclaimPolicy: "${strategy}",
          csi: { driver: "disks.example", volumeHandle: "${strategy === "Retain" ? "one" : "two"}" } } });`;
    await deploy(claim("1Gi", "Retain"));
    const replaced = await preview(claim("1Gi", "Delete"));
    expect(replaced.code, replaced.output).toBe(0);
    expect(operations(replaced)).toContain("disk replace");
  });

  it("sees drift in declared fields only, and puts it right when it owns them", async () => {
    await deploy(zone({ tier: "one" }) + settings({ colour: "red" }));
    await meddle({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "zone", labels: { tier: "two", extra: "x" } },
    });
    const seen = await workspace.preview("--refresh", "--diff");
    expect(operations(seen)).toContain("zone update");
    expect(changes(seen, "zone")).toEqual(["metadata.labels.tier"]);

    const fought = await workspace.up("--refresh");
    expect(fought.code).not.toBe(0);
    expect(fought.output).toContain("fields that another manager owns");
    expect(fought.output).toContain('conflict with "somebody-else"');
    expect(fought.output).toContain(".metadata.labels.tier");

    const forced = await deploy(`
      const zone = new k8s.core.v1.Namespace("zone", { metadata: {
        name: "zone", labels: { tier: "one" }, annotations: { "pulumi.com/patchForce": "true" } } });
      ${settings({ colour: "red" })}`);
    expect(forced.code, forced.output).toBe(0);
    expect(await find("v1", "Namespace", "zone")).toMatchObject({
      metadata: { labels: { tier: "one", extra: "x" } },
    });
  });

  it("waits for a rollout, and says why one fails", async () => {
    const failing = await deploy(
      zone() + workload({ replicas: 1 }, { [FAIL_LABEL]: "true" }, 'customTimeouts: { create: "6s" }'),
    );
    expect(failing.code).not.toBe(0);
    expect(failing.output).toContain(
      "Deployment zone/workload did not come up: 0 of 1 replicas are available after 6 s",
    );
    expect(failing.output).toMatch(/pods that are not ready:\s+workload-/);
    expect(failing.output).toContain(FAIL_LABEL);
    const kept = (await workspace.export()).find(({ urn }) => urn.endsWith("::workload"));
    expect(kept?.initErrors).toHaveLength(1);
    const mended = await deploy(zone() + workload({ replicas: 1 }));
    expect(mended.code, mended.output).toBe(0);
  });

  it("shows a Pod Security violation in preview, and as the reason the rollout failed", async () => {
    const open = {
      template: {
        metadata: { labels: { app: "workload" } },
        spec: { containers: [{ name: "a", image: "registry.internal/a" }] },
      },
    };
    const restricted = {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    };
    await deploy(zone(restricted));
    const planned = await preview(zone(restricted) + workload(open));
    expect(planned.output).toMatch(/warning: would violate PodSecurity "restricted/);
    const failing = await deploy(zone(restricted) + workload(open, {}, 'customTimeouts: { create: "40s" }'));
    expect(failing.code).not.toBe(0);
    expect(failing.output).toMatch(/ReplicaFailure=True \(FailedCreate\).*violates PodSecurity/);
  });

  it("rejects a field nobody knows in preview, by its path, though the namespace is only planned", async () => {
    await deploy("");
    const planned = await preview(
      zone() + workload({ replicas: 1, replicaz: 2 }) + settings({ a: "b" }, 'dataa: { c: "d" },'),
    );
    expect(planned.code).not.toBe(0);
    expect(planned.output).toContain(".spec.replicaz: field not declared in schema");
  });

  it("rejects wrong names before it asks anybody", async () => {
    const planned = await preview(
      `new k8s.core.v1.Service("bad", { metadata: { name: "1_bad", namespace: "Zone" } });`,
    );
    expect(planned.output).toContain('found "1_bad"; write a name that is a DNS-1035 label');
    expect(planned.output).toContain('found "Zone"; write a name that is a DNS-1123 label');
    const unnamed = await preview(`new k8s.core.v1.ConfigMap("unnamed", {});`);
    expect(unnamed.output).toContain("found nothing; write a name that is a DNS-1123 subdomain");
  });

  it("makes a custom resource whose definition is made in the same run", async () => {
    const body = (size: number) => `
      // In the foreground it waits for the garbage collector, which learns of new kinds only every half minute.
      const annotations = { "pulumi.com/deletionPropagationPolicy": "background" };
      const schema = { type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } } };
      const definition = new k8s.apiextensions.v1.CustomResourceDefinition("definition", {
        metadata: { name: "cells.rehearsal.example" },
        spec: { group: "rehearsal.example", scope: "Namespaced", names: { kind: "Cell", plural: "cells", singular: "cell" },
          versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }] } });
      new k8s.apiextensions.CustomResource("cell", {
        apiVersion: "rehearsal.example/v1", kind: "Cell", metadata: { name: "cell", namespace: "default", annotations }, spec: { size: ${size} },
      }, { dependsOn: definition });`;
    const planned = await preview(body(1));
    expect(planned.code, planned.output).toBe(0);
    const made = await workspace.up();
    expect(made.code, made.output).toBe(0);
    expect(await find("rehearsal.example/v1", "Cell", "cell", "default")).toMatchObject({ spec: { size: 1 } });
    expect(operations(await deploy(body(2)))).toContain("cell update");
    const gone = await deploy("");
    expect(gone.code, gone.output).toBe(0);
  });

  it("keeps a Secret's data secret in state", async () => {
    const made = await deploy(`${zone()}
      new k8s.core.v1.Secret("secret", { metadata: { name: "secret", namespace: zone.metadata.name }, stringData: { password: "hunter2" } });`);
    expect(made.code, made.output).toBe(0);
    const state = (await workspace.export()).find(({ urn }) => urn.endsWith("::secret"));
    expect(state?.outputs?.data).toHaveProperty("ciphertext");
    expect(JSON.stringify(await workspace.export())).not.toContain(Buffer.from("hunter2").toString("base64"));
    expect(JSON.stringify(await workspace.export())).not.toContain("hunter2");
    expect(operations(await workspace.up("--refresh"))).toContain("secret same");
  });

  it("waits until what it deletes is gone, and says what holds it", async () => {
    const held = (seconds: string) => `${zone()}
      new k8s.core.v1.ConfigMap("held", { metadata: {
        name: "held", namespace: zone.metadata.name, finalizers: ["rehearsal.example/hold"],
      } }, { customTimeouts: { delete: "${seconds}" } });`;
    await deploy(held("2s"));
    const refused = await deploy(zone());
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(
      "ConfigMap zone/held is still there after 2 s: its finalizers are rehearsal.example/hold",
    );
    await cluster.client.request("PATCH", "/api/v1/namespaces/zone/configmaps/held", {
      body: { metadata: { finalizers: null } },
      contentType: "application/merge-patch+json",
    });
    const gone = await workspace.destroy();
    expect(gone.code, gone.output).toBe(0);
    // A namespace is gone only when all that was in it is.
    expect(await find("v1", "Namespace", "zone")).toBeUndefined();
  });

  it("names the contexts there are when the wrong one is asked for", async () => {
    const refused = await deploy(`
      const provider = new k8s.Provider("provider", { kubeconfig: ${JSON.stringify(plane.kubeconfigPath)}, context: "nowhere" });
      new k8s.core.v1.ConfigMap("settings", { metadata: { name: "settings" } }, { provider });`);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("has no context nowhere; its contexts are: cloister-test");
  });

  it("plans without an API server, with a warning, and refuses to go on without one", async () => {
    const away = JSON.stringify(
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "away",
        clusters: [{ name: "away", cluster: { server: "https://127.0.0.1:1" } }],
        users: [{ name: "away", user: { token: "none" } }],
        contexts: [{ name: "away", context: { cluster: "away", user: "away" } }],
      }),
    );
    const body = `
      const provider = new k8s.Provider("away", { kubeconfig: ${away} });
      new k8s.core.v1.ConfigMap("settings", { metadata: { name: "settings" }, data: { a: "b" } }, { provider });`;
    const planned = await preview(body);
    expect(planned.code, planned.output).toBe(0);
    expect(planned.output).toContain("not validated: the API server https://127.0.0.1:1 cannot be reached");
    const refused = await workspace.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("the API server https://127.0.0.1:1 cannot be reached");
  });
});
