import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiClient } from "../../../rehearsal/control-plane/api-client";
import { FAIL_LABEL } from "../../../rehearsal/control-plane/kwok-stages";
import { answerTo, holdImages, podWith, untilAnswer, warningsOf } from "./admission";
import { type Pod, deployment, isReady, pod, podSpec } from "./fixtures";
import { type RunningControlPlane, runControlPlane } from "./running-control-plane";

const namespace = "/api/v1/namespaces/default";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

let running: RunningControlPlane;
let operator: ApiClient;

beforeAll(async () => {
  running = await runControlPlane();
  ({ operator } = running);
}, 1_800_000);

afterAll(() => running.remove());

describe("workloads", () => {
  it("schedules a GPU pod on the GPU node, and says that it is not run", async () => {
    await operator.request("POST", `${namespace}/pods`, pod("gpu", podSpec(8)));
    const ready = await operator.until<Pod>(`${namespace}/pods/gpu`, isReady, "A Ready GPU pod");
    expect(ready.spec.nodeName).toBe("gpu-1");
    expect(ready.status.podIP).toMatch(/^10\.244\./);
    const message = ready.status.conditions?.find(({ type }) => type === "Ready")?.message;
    expect(message).toContain("Scheduled, not run");
  });

  it("keeps a pod without the toleration off the GPU node", async () => {
    const spec = { ...podSpec(), nodeSelector: { "cloister.dev/pool": "serving" } };
    await operator.request("POST", `${namespace}/pods`, pod("stray", spec));
    const unscheduled = ({ status }: Pod) =>
      status.conditions?.some(({ type, status: state }) => type === "PodScheduled" && state === "False") === true;
    const stray = await operator.until<Pod>(`${namespace}/pods/stray`, unscheduled, "A refusal by the scheduler");
    expect(stray.status.conditions?.[0]?.message).toContain("untolerated taint");
  });

  it("rolls a Deployment out, and deletes it with its pods", async () => {
    await operator.request("POST", deployments, deployment("web", 3));
    const available = ({ status }: { status: { availableReplicas?: number } }) => status.availableReplicas === 3;
    await operator.until(`${deployments}/web`, available, "Three available replicas");
    await operator.request("DELETE", `${deployments}/web`);
    const none = ({ items }: { items: unknown[] }) => items.length === 0;
    await operator.until(`${namespace}/pods?labelSelector=app%3Dweb`, none, "An end of the pods");
  });

  it("never makes a pod Ready whose label asks for a failure", async () => {
    await operator.request("POST", deployments, deployment("failing", 1, { [FAIL_LABEL]: "true" }));
    const path = `${namespace}/pods?labelSelector=app%3Dfailing`;
    const failing = ({ items }: { items: Pod[] }) => items[0]?.status.phase === "Running";
    const { items } = await operator.until<{ items: Pod[] }>(path, failing, "A failing pod");
    expect(isReady(items[0]!)).toBe(false);
    const backOff = ({ items: events }: { items: unknown[] }) => events.length > 0;
    await operator.until(`${namespace}/events?fieldSelector=reason%3DBackOff`, backOff, "An event of the failure");
  });

  it("completes a Job", async () => {
    const jobs = "/apis/batch/v1/namespaces/default/jobs";
    const template = { spec: { ...podSpec(), restartPolicy: "Never" } };
    await operator.request("POST", jobs, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once" },
      spec: { template },
    });
    const succeeded = ({ status }: { status: { succeeded?: number } }) => status.succeeded === 1;
    await operator.until(`${jobs}/once`, succeeded, "A completed Job");
  });
});

describe("storage", () => {
  const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
  const claim = (name: string, storageClassName: string) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
  });

  it("binds the claim of a pod in a class that exists, and no other", async () => {
    await operator.request("POST", "/apis/storage.k8s.io/v1/storageclasses", {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "encrypted" },
      provisioner: "block.csi.example.com",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    await operator.request("POST", claims, claim("data", "encrypted"));
    await operator.request("POST", claims, claim("lost", "no-such-class"));
    const spec = { ...podSpec(), volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
    await operator.request("POST", `${namespace}/pods`, pod("stateful", spec));
    await operator.until<Pod>(`${namespace}/pods/stateful`, isReady, "A Ready pod with a volume");
    const { spec: bound, status } = await operator.request<{ spec: { volumeName: string }; status: { phase: string } }>(
      "GET",
      `${claims}/data`,
    );
    expect(status.phase).toBe("Bound");
    expect(await operator.request("GET", `${claims}/lost`)).toMatchObject({ status: { phase: "Pending" } });
    await operator.request("DELETE", `${namespace}/pods/stateful`);
    await operator.request("DELETE", `${claims}/data`);
    const volumes = "/api/v1/persistentvolumes";
    const gone = ({ items }: { items: { metadata: { name: string } }[] }) =>
      items.every(({ metadata }) => metadata.name !== bound.volumeName);
    await operator.until(volumes, gone, "An end of the volume");
  });
});

describe("a zone whose images are locked", () => {
  const zone = "/api/v1/namespaces/locked";
  const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
  const server = `registry.internal/server@${digest("1")}`;
  const weights = `registry.internal/models/one@${digest("2")}`;
  const other = `registry.internal/server@${digest("3")}`;
  const refused = /not in the image lock of the environment: /;
  const pods = (images: Parameters<typeof podWith>[1]) =>
    answerTo(operator, "POST", `${zone}/pods`, podWith("probe", images));

  beforeAll(async () => {
    await operator.request("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "locked", labels: { "cloister.dev/zone": "serving" } },
    });
    await holdImages(operator, [server, weights]);
    await untilAnswer(() => pods({ container: other }), refused);
  });

  it("runs what is locked", async () => {
    expect(await pods({ container: server, initial: server, volume: weights })).toBe("admitted");
    await operator.request("POST", `${zone}/pods`, podWith("ours", { container: server, volume: weights }));
    expect(await warningsOf(operator)).toEqual([]);
  });

  it("refuses another digest, wherever a pod can name it", async () => {
    expect(await pods({ container: other })).toContain(`${refused.source}${other}`);
    expect(await pods({ container: "nginx" })).toMatch(refused);
    expect(await pods({ container: server, initial: other })).toMatch(refused);
    expect(await pods({ container: server, volume: other })).toMatch(refused);
    const { spec, ...ours } = await operator.request<{ spec: object }>("GET", `${zone}/pods/ours`);
    const { securityContext } = podSpec().containers[0]!;
    const ephemeralContainers = [{ name: "debug", image: other, securityContext }];
    const debugged = { ...ours, spec: { ...spec, ephemeralContainers } };
    expect(await answerTo(operator, "PUT", `${zone}/pods/ours/ephemeralcontainers`, debugged)).toMatch(refused);
  });

  it("runs no pod of a Deployment that names another digest, and says why", async () => {
    const { spec } = podWith("probe", { container: other });
    const labels = { app: "probe" };
    const path = "/apis/apps/v1/namespaces/locked/deployments";
    await operator.request("POST", path, {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "probe" } },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    interface Deployment {
      readonly status: { readonly conditions?: readonly { readonly type: string; readonly message: string }[] };
    }
    const failure = ({ status }: Deployment) => status.conditions?.find(({ type }) => type === "ReplicaFailure");
    const failed = await operator.until<Deployment>(`${path}/probe`, (one) => failure(one) !== undefined, "A refusal");
    expect(failure(failed)?.message).toContain(`${refused.source}${other}`);
    // The lock changes after what it lets in was written: the controller asks again.
    await holdImages(operator, [server, weights, other]);
    const available = ({ status }: { status: { availableReplicas?: number } }) => status.availableReplicas === 1;
    await operator.until(`${path}/probe`, available, "A pod of the new lock");
    await operator.request("DELETE", `${path}/probe`);
  });

  it("leaves what ran before a new lock to be labelled and taken down, and runs no more of it", async () => {
    await holdImages(operator, [other]);
    expect(await untilAnswer(() => pods({ container: server }), refused)).toMatch(refused);
    expect(await pods({ container: other })).toBe("admitted");
    const label = { metadata: { labels: { seen: "yes" } } };
    await operator.request("PATCH", `${zone}/pods/ours`, label, "application/merge-patch+json");
    await operator.request("DELETE", `${zone}/pods/ours`);
  });

  it("lets namespaces be that are no zones", async () => {
    expect(await answerTo(operator, "POST", `${namespace}/pods`, podWith("probe", { container: "nginx" }))).toBe(
      "admitted",
    );
  });
});
