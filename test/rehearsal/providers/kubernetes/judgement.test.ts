import { describe, expect, it } from "vitest";
import { immutableFields } from "../../../../rehearsal/providers/kubernetes/immutable-fields";
import { loadAccess } from "../../../../rehearsal/providers/kubernetes/kubeconfig";
import { liveView } from "../../../../rehearsal/providers/kubernetes/object-view";
import { sameQuantity } from "../../../../rehearsal/providers/kubernetes/quantity";
import { readiness } from "../../../../rehearsal/providers/kubernetes/readiness";
import { kubernetesTable } from "../../../../rehearsal/providers/kubernetes/table";
import type { Properties } from "../../../../rehearsal/providers/provider";

const now = new Date("2026-01-01T00:01:00Z");

describe("sameQuantity", () => {
  it.each([
    ["0.5", "500m", true],
    ["1000m", "1", true],
    ["1Gi", "1024Mi", true],
    [80, "80", true],
    ["1G", "1Gi", false],
    ["one", "one", false],
  ])("%s and %s: %s", (one, other, same) => {
    expect(sameQuantity(one, other)).toBe(same);
  });
});

describe("liveView", () => {
  it("shows declared fields with their live values, and nothing else", () => {
    const declared = {
      spec: { replicas: 1, cpu: "0.5", empty: [], containers: [{ name: "main", image: "a" }] },
    };
    const live: Properties = {
      spec: {
        replicas: 3,
        cpu: "500m",
        defaulted: true,
        containers: [
          { name: "sidecar", image: "x" },
          { name: "main", image: "b", terminationMessagePath: "/dev/termination-log" },
        ],
      },
    };
    expect(liveView(declared, live)).toEqual({
      spec: { replicas: 3, cpu: "0.5", empty: [], containers: [{ name: "main", image: "b" }] },
    });
  });

  it("reads a Secret's stringData back from its data", () => {
    const data = { key: Buffer.from("live").toString("base64") };
    expect(liveView({ stringData: { key: "declared" } }, { data })).toEqual({ stringData: { key: "live" } });
  });

  it("leaves out a declared field that somebody removed", () => {
    expect(liveView({ labels: { a: "1", b: "2" } }, { labels: { a: "1" } })).toEqual({ labels: { a: "1" } });
  });
});

describe("readiness", () => {
  const deployment = (status: Properties): Properties => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { generation: 2 },
    spec: { replicas: 2 },
    status,
  });
  const complete = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  const refusal = (lastTransitionTime: string) => ({
    ...complete,
    updatedReplicas: 0,
    conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "no", lastTransitionTime }],
  });

  it.each([
    ["complete", complete, "ready"],
    ["not seen yet", { ...complete, observedGeneration: 1 }, "waiting"],
    ["an old replica left", { ...complete, replicas: 3 }, "waiting"],
    ["one not available", { ...complete, availableReplicas: 1 }, "waiting"],
    ["refused a moment ago", refusal("2026-01-01T00:00:55Z"), "waiting"],
    ["refused for long", refusal("2026-01-01T00:00:00Z"), "failed"],
  ])("of a Deployment: %s", (_, status, state) => {
    expect(readiness(deployment(status), now).state).toBe(state);
  });

  it.each([
    ["v1", "Namespace", { phase: "Terminating" }, "waiting"],
    ["v1", "Namespace", { phase: "Active" }, "ready"],
    ["batch/v1", "Job", { conditions: [{ type: "Failed", status: "True" }] }, "failed"],
    ["batch/v1", "Job", { conditions: [{ type: "Complete", status: "True" }] }, "ready"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, "waiting"],
    ["v1", "Service", {}, "ready"],
    ["rehearsal.example/v1", "Deployment", {}, "ready"],
  ])("of %s %s: %j is %s", (apiVersion, kind, status, state) => {
    expect(readiness({ apiVersion, kind, metadata: {}, spec: {}, status }, now).state).toBe(state);
  });
});

describe("immutableFields", () => {
  it("holds a ConfigMap's data only once it is sealed", () => {
    expect(immutableFields({ kind: "ConfigMap" })).not.toContain("data");
    expect(immutableFields({ kind: "ConfigMap", immutable: true })).toContain("data");
  });
});

describe("the table", () => {
  it("takes any kind, and refuses what would hide objects from the policies", () => {
    expect(kubernetesTable.kind("kubernetes:core/v1:Secret")?.secretOutputs).toEqual(["data", "stringData"]);
    expect(kubernetesTable.kind("kubernetes:rehearsal.example/v1:Patch")).toBeDefined();
    for (const refused of [
      "kubernetes:helm.sh/v3:Release",
      "kubernetes:yaml:ConfigFile",
      "kubernetes:apps/v1:DeploymentPatch",
      "kubernetes:core/v1:NamespaceList",
    ]) {
      expect(kubernetesTable.kind(refused), refused).toBeUndefined();
    }
  });

  it("lists every wrong setting at once", () => {
    const failures = kubernetesTable.checkConfiguration?.({ enableServerSideApply: false, kubeconfig: "/nowhere" });
    expect(failures?.map(({ property }) => property)).toEqual(["enableServerSideApply", "kubeconfig"]);
  });
});

describe("loadAccess", () => {
  const kubeconfig = (user: Record<string, unknown>) => ({
    "current-context": "here",
    clusters: [{ name: "one", cluster: { server: "https://127.0.0.1:6443" } }],
    users: [{ name: "me", user }],
    contexts: [{ name: "here", context: { cluster: "one", user: "me", namespace: "mine" } }],
  });

  it("takes contents as well as a path", () => {
    const contents = kubeconfig({ token: "t" }) as Properties;
    const access = { server: "https://127.0.0.1:6443", namespace: "mine", token: "t" };
    expect(loadAccess({ kubeconfig: contents })).toMatchObject(access);
    expect(loadAccess({ kubeconfig: JSON.stringify(contents) })).toMatchObject(access);
  });

  it("refuses credentials by plugin by name, and says where it looked", () => {
    const exec = { exec: { command: "aws" } };
    expect(() => loadAccess({ kubeconfig: kubeconfig(exec) as Properties })).toThrow("gets its credentials by exec");
    expect(() => loadAccess({}, { KUBECONFIG: "/nowhere" })).toThrow("there is no kubeconfig at /nowhere");
  });
});
