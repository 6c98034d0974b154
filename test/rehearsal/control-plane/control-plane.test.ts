import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ApiClient, ApiError } from "../../../rehearsal/control-plane/api-client";
import { type ControlPlane, startControlPlane } from "../../../rehearsal/control-plane/control-plane";
import { Credentials } from "../../../rehearsal/control-plane/credentials";
import { FAIL_LABEL } from "../../../rehearsal/control-plane/kwok-stages";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import type { Toolbox } from "../../../rehearsal/setup/toolbox";
import { tools } from "../tools";
import { binaries, deployment, nodes, podSpec } from "./fixtures";

const namespace = "/api/v1/namespaces/default";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

let toolbox: Toolbox;
let directory: string;
let supervisor: Supervisor;
let plane: ControlPlane;
let operator: ApiClient;

interface Pod {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

const isReady = ({ status }: Pod) => status.conditions?.some((one) => one.type === "Ready" && one.status === "True");

function pod(name: string, spec = podSpec(), labels: Record<string, string> = {}) {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, labels }, spec };
}

interface Kubeconfig {
  readonly "current-context": string;
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

function operatorCredential() {
  const config = parse(readFileSync(plane.kubeconfigPath, "utf8")) as Kubeconfig;
  const user = config.users[0]!.user;
  const text = (field: string) => Buffer.from(user[field]!, "base64").toString("utf8");
  return { config, certificate: text("client-certificate-data"), key: text("client-key-data") };
}

async function start(): Promise<void> {
  supervisor = await Supervisor.start(directory);
  const options = {
    directory,
    context: "cloister-test",
    kubernetesVersion: "1.36",
    nodes,
    binaries: binaries(toolbox),
  };
  plane = await startControlPlane(options, supervisor);
  operator = new ApiClient(plane.server, plane.caCertificate, operatorCredential());
}

/** The refusal of a request that must be refused. */
async function refused(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`Expected a refusal by the API server, got ${String(error)}`);
}

interface AuditEntry {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
}

function auditEntries(): AuditEntry[] {
  const lines = readFileSync(plane.auditLogPath, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

beforeAll(async () => {
  toolbox = await tools("etcd", "kubernetes", "kwok");
  directory = mkdtempSync(join(tmpdir(), "cloister-control-plane-"));
  await start();
}, 1_800_000);

afterAll(async () => {
  operator.close();
  await supervisor.stop();
});

describe("identity", () => {
  it("gives the operator a short-lived certificate that is not of system:masters", () => {
    const { config, certificate } = operatorCredential();
    const { subject, validTo } = new X509Certificate(certificate);
    expect(config["current-context"]).toBe("cloister-test");
    expect(subject.split("\n").sort()).toEqual(["CN=cloister:operator", "O=cloister:operators"]);
    expect(new Date(validTo).getTime() - Date.now()).toBeLessThanOrEqual(8 * 3_600_000);
    expect(statSync(plane.kubeconfigPath).mode & 0o777).toBe(0o600);
  });

  it("lets nobody in without an identity, but to ask whether the server is well", async () => {
    const nobody = new ApiClient(plane.server, plane.caCertificate);
    expect(await nobody.request("GET", "/readyz")).toBe("ok");
    expect((await refused(nobody.request("GET", "/version"))).status).toBe(401);
    expect((await refused(nobody.request("GET", namespace))).status).toBe(401);
    nobody.close();
  });

  it("denies a known user without a grant", async () => {
    const credentials = await Credentials.open(join(directory, "control-plane", "credentials"));
    const stranger = new ApiClient(plane.server, plane.caCertificate, await credentials.client("stranger"));
    const refusal = await refused(stranger.request("GET", `${namespace}/secrets`));
    expect(refusal.status).toBe(403);
    expect(refusal.message).toContain('User "stranger" cannot list resource "secrets"');
    stranger.close();
  });

  it("keeps the operator from giving itself more than it has", async () => {
    const binding = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "climb" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "cloister:operator" }],
    };
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    expect((await refused(operator.request("POST", path, binding))).message).toMatch(/attempting to grant RBAC/);
  });

  it("gives kwok nothing beyond what playing nodes takes", async () => {
    const credentials = await Credentials.open(join(directory, "control-plane", "credentials"));
    const kwok = new ApiClient(plane.server, plane.caCertificate, await credentials.client("cloister:rehearsal:kwok"));
    expect((await refused(kwok.request("GET", `${namespace}/secrets`))).status).toBe(403);
    expect((await refused(kwok.request("POST", `${namespace}/pods`, pod("forged")))).status).toBe(403);
    kwok.close();
  });
});

describe("admission", () => {
  it("holds a namespace that says nothing to the restricted level", async () => {
    const spec = podSpec();
    const [container] = spec.containers as Record<string, unknown>[];
    const privileged = { ...spec, containers: [{ ...container, securityContext: { privileged: true } }] };
    const refusal = await refused(operator.request("POST", `${namespace}/pods`, pod("privileged", privileged)));
    expect(refusal.status).toBe(403);
    expect(refusal.message).toContain('violates PodSecurity "restricted:v1.36"');
  });
});

describe("data at rest and on record", () => {
  it("encrypts a secret before it reaches etcd, and keeps its body out of the audit log", async () => {
    const plain = "the-plain-value-of-a-secret";
    await operator.request("POST", `${namespace}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "sealed" },
      stringData: { value: plain },
    });
    const { endpoint, authority, client } = plane.etcd;
    const etcd = new ApiClient(endpoint, readFileSync(authority, "utf8"), {
      certificate: readFileSync(client.certificate, "utf8"),
      key: readFileSync(client.key, "utf8"),
    });
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const range = { key: base64("/registry/secrets/default/sealed") };
    const { kvs } = await etcd.request<{ kvs: { value: string }[] }>("POST", "/v3/kv/range", range);
    etcd.close();
    const raw = Buffer.from(kvs[0]!.value, "base64").toString("latin1");
    expect(raw.startsWith("k8s:enc:secretbox:v1:rehearsal:")).toBe(true);
    expect(raw).not.toContain(plain);
    expect(raw).not.toContain(base64(plain));

    const log = readFileSync(plane.auditLogPath, "utf8");
    const entry = auditEntries().find(({ verb, objectRef }) => verb === "create" && objectRef?.resource === "secrets");
    expect(entry).toMatchObject({ level: "Metadata", user: { username: "cloister:operator" } });
    expect(log).not.toContain(plain);
    expect(log).not.toContain(base64(plain));
  });

  it("records who gave which rights in full, and an exec without what went through it", async () => {
    const api = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    await operator.request("POST", `${api}/roles`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "recorded" },
      rules,
    });
    await refused(operator.request("POST", `${namespace}/pods/absent/exec?command=id&container=main`));
    const entries = auditEntries();
    expect(entries.find(({ requestURI }) => requestURI.startsWith(`${api}/roles`))).toMatchObject({
      level: "RequestResponse",
      requestObject: { rules },
      user: { username: "cloister:operator" },
    });
    const exec = entries.find(({ objectRef }) => objectRef?.subresource === "exec");
    expect(exec).toMatchObject({ level: "Metadata", objectRef: { resource: "pods", name: "absent" } });
  });

  it("opens etcd to no certificate of the cluster", async () => {
    const credentials = await Credentials.open(join(directory, "control-plane", "credentials"));
    const authority = readFileSync(plane.etcd.authority, "utf8");
    for (const credential of [undefined, await credentials.client("kube-apiserver-etcd-client")]) {
      const intruder = new ApiClient(plane.etcd.endpoint, authority, credential);
      await expect(intruder.request("POST", "/v3/kv/range", { key: "AA==" })).rejects.toThrow(
        /alert (certificate required|unknown ca)/,
      );
      intruder.close();
    }
  });
});

describe("workloads", () => {
  it("schedules a GPU pod on the GPU node, and says that it is not run", async () => {
    await operator.request("POST", `${namespace}/pods`, pod("gpu", podSpec(8)));
    const ready = await operator.until<Pod>(`${namespace}/pods/gpu`, (one) => isReady(one) === true, "A Ready GPU pod");
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
    await operator.until<Pod>(
      `${namespace}/pods/stateful`,
      (one) => isReady(one) === true,
      "A Ready pod with a volume",
    );
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

describe("a second start", () => {
  it("finds the objects of the first, moves a port that was taken, and plays the nodes at once", async () => {
    operator.close();
    await supervisor.stop();
    const before = plane.server;
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(new URL(before).port), "127.0.0.1", resolve));
    await start();
    await new Promise((resolve) => squatter.close(resolve));
    expect(plane.server).not.toBe(before);
    expect(operatorCredential().config.clusters[0]?.cluster.server).toBe(plane.server);
    expect(await operator.request(`GET`, `${namespace}/secrets/sealed`)).toMatchObject({
      data: { value: Buffer.from("the-plain-value-of-a-secret").toString("base64") },
    });
    await operator.request("POST", `${namespace}/pods`, pod("after"));
    // Well under the 40 s that the lease of the first run's kwok would still hold.
    await operator.until<Pod>(`${namespace}/pods/after`, (one) => isReady(one) === true, "A Ready pod", 10);
  });
});
