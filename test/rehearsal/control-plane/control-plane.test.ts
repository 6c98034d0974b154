import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../../rehearsal/control-plane/api-client";
import type { ControlPlane } from "../../../rehearsal/control-plane/control-plane";
import { Credentials } from "../../../rehearsal/control-plane/credentials";
import { type Pod, isReady, pod, podSpec } from "./fixtures";
import { type RunningControlPlane, readKubeconfig, refused, runControlPlane } from "./running-control-plane";

const namespace = "/api/v1/namespaces/default";

let running: RunningControlPlane;
let plane: ControlPlane;
let operator: ApiClient;

async function start(directory?: string): Promise<void> {
  running = await runControlPlane(directory);
  ({ plane, operator } = running);
}

beforeAll(() => start(), 1_800_000);

afterAll(() => running.remove());

interface AuditEntry {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
}

function auditEntries(): AuditEntry[] {
  const lines = readFileSync(plane.auditLogPath, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

describe("identity", () => {
  it("gives the operator a short-lived certificate that is not of system:masters", () => {
    const { context, credential } = readKubeconfig(plane.kubeconfigPath);
    const { subject, validTo } = new X509Certificate(credential.certificate);
    expect(context).toBe("cloister-test");
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
    const stranger = await running.as("stranger");
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
    const kwok = await running.as("cloister:rehearsal:kwok");
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
    expect(raw.startsWith("k8s:enc:secretbox:v1:cloister-1:")).toBe(true);
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
    const folder = join(running.directory, "control-plane", "credentials");
    const credentials = await Credentials.open(folder, running.files.authorities);
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

describe("a second start", () => {
  it("finds the objects of the first, moves a port that was taken, and plays the nodes at once", async () => {
    await running.stop();
    const before = plane.server;
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(new URL(before).port), "127.0.0.1", resolve));
    await start(running.directory);
    await new Promise((resolve) => squatter.close(resolve));
    expect(plane.server).not.toBe(before);
    expect(readKubeconfig(plane.kubeconfigPath).server).toBe(plane.server);
    expect(await operator.request("GET", `${namespace}/secrets/sealed`)).toMatchObject({
      data: { value: Buffer.from("the-plain-value-of-a-secret").toString("base64") },
    });
    await operator.request("POST", `${namespace}/pods`, pod("after"));
    // Well under the 40 s that the lease of the first run's kwok would still hold.
    await operator.until<Pod>(`${namespace}/pods/after`, isReady, "A Ready pod", 10);
  });
});
