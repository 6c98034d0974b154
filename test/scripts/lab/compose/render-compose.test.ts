import { describe, expect, it } from "vitest";
import { rendered } from "../lab-world";
import { container, flow, service, stored, workload } from "./example-objects";

const guardPod = {
  containers: [
    container("guard", {
      args: ["--config", "/etc/guard/guard.yaml"],
      ports: [{ name: "https", containerPort: 8444 }],
      volumeMounts: [{ name: "shared", mountPath: "/run/guard" }],
      readinessProbe: { httpGet: { port: 8444, path: "/ready", scheme: "HTTPS" }, periodSeconds: 5 },
    }),
  ],
  initContainers: [
    container("router", {
      restartPolicy: "Always",
      ports: [{ name: "metrics", containerPort: 8449 }],
      volumeMounts: [{ name: "shared", mountPath: "/run/guard", readOnly: true }],
    }),
    container("prepare"),
  ],
  volumes: [{ name: "shared", emptyDir: {} }],
};
const table = [flow("gateway/envoy", "gateway/guard", 8444)];

describe("a pod of several containers", () => {
  const { compose, differences } = rendered(
    [
      workload({ namespace: "gateway", app: "guard", replicas: 2, pod: guardPod }),
      workload({ namespace: "gateway", app: "envoy" }),
    ],
    {},
    table,
  );
  const { services } = compose;

  it("is a service for each of them and each copy", () => {
    expect(Object.keys(services).sort()).toEqual([
      "envoy-envoy-0",
      ...["guard-guard-0", "guard-guard-1", "guard-prepare-0", "guard-prepare-1", "guard-router-0", "guard-router-1"],
    ]);
  });

  it("shares the network of its first container, which names the ports of all", () => {
    expect(services["guard-router-1"]).toMatchObject({
      network_mode: "service:guard-guard-1",
      depends_on: { "guard-guard-1": { condition: "service_started", restart: true } },
    });
    // The engine refuses these on a container in another one's network.
    const refused = ["networks", "expose", "hostname", "ports"];
    expect(Object.keys(services["guard-router-1"] ?? {}).filter((field) => refused.includes(field))).toEqual([]);
    expect(services["guard-guard-1"]).toMatchObject({ hostname: "guard-1", expose: ["8444", "8449"] });
  });

  it("shares an empty volume under a name of its own copy", () => {
    const mount = { type: "volume", source: "gateway-shared-guard-1", target: "/run/guard", volume: { nocopy: true } };
    expect(services["guard-guard-1"]?.volumes).toEqual([mount]);
    expect(services["guard-router-1"]?.volumes).toEqual([{ ...mount, read_only: true }]);
    expect(compose.volumes["gateway-shared-guard-1"]).toEqual({
      driver_opts: { type: "tmpfs", device: "tmpfs", o: "nosuid,nodev,mode=1777" },
    });
    expect(differences.map(({ field }) => field)).toContain("spec.template.spec.volumes[shared].emptyDir");
  });

  it("waits for what must have ended before it begins", () => {
    expect(services["guard-guard-0"]?.depends_on).toEqual({
      "guard-prepare-0": { condition: "service_completed_successfully" },
    });
    expect(services["guard-prepare-0"]?.networks).toEqual({ "gateway-envoy--gateway-guard--8444": {} });
  });

  it("lets the kit's own programs ask themselves, with the configuration they run by", () => {
    expect(services["guard-guard-0"]?.healthcheck).toMatchObject({
      test: ["CMD", "/nodejs/bin/node", "/app/main.js", "--config", "/etc/guard/guard.yaml", "--health"],
      interval: "5s",
      timeout: "5s",
    });
    expect(services["guard-router-0"]?.healthcheck).toEqual({ disable: true });
  });
});

describe("a StatefulSet", () => {
  const pod = {
    securityContext: { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
    containers: [
      container("ledger", {
        ports: [{ name: "https", containerPort: 8447 }],
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      }),
    ],
  };
  const spec = { serviceName: "ledger", volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }] };
  const ledger = workload({ kind: "StatefulSet", namespace: "audit", app: "ledger", replicas: 2, pod, spec });
  const named = service("audit", "ledger", { clusterIP: "None", ports: [{ port: 8447, targetPort: "https" }] });
  const guard = workload({ namespace: "gateway", app: "guard" });
  const rows = [flow("gateway/guard", "audit/ledger", 8447)];

  it("has a name and a volume for each copy, and one name for all", () => {
    const { compose } = rendered([ledger, named, guard], {}, rows);
    expect(compose.services["ledger-1"]).toMatchObject({
      hostname: "ledger-1",
      networks: {
        "gateway-guard--audit-ledger--8447": {
          aliases: [
            ...["ledger-1.ledger.audit.svc", "ledger-1.ledger.audit.svc.cluster.local"],
            ...["ledger.audit.svc", "ledger.audit.svc.cluster.local"],
          ],
        },
      },
      volumes: [{ type: "volume", source: "audit-data-ledger-1", target: "/data", volume: { nocopy: true } }],
    });
    expect(compose.services["guard-guard-0"]?.networks).toEqual({ "gateway-guard--audit-ledger--8447": {} });
    expect(compose.volumes).toEqual({
      "audit-data-ledger-0": { "x-cloister-owner": "65532:65532" },
      "audit-data-ledger-1": { "x-cloister-owner": "65532:65532" },
    });
  });

  it("belongs to whoever the caller says", () => {
    const { compose, differences } = rendered([ledger, named, guard], { user: "1000:1000" }, rows);
    expect(compose.services["ledger-0"]?.user).toBe("1000:1000");
    expect(compose.volumes["audit-data-ledger-0"]).toEqual({ "x-cloister-owner": "1000:1000" });
    expect(differences.map(({ object }) => object)).toContain("every container");
  });

  it("refuses a Service that changes a port: a name here has none", () => {
    const other = service("audit", "ledger", { ports: [{ port: 443, targetPort: "https" }] });
    expect(() => rendered([ledger, other, guard], {}, rows)).toThrow(
      "Service audit/ledger leads from port 443 to 8447: a name of Compose changes no port",
    );
  });
});

describe("texts", () => {
  const one = (more: object, options = {}) =>
    rendered([workload({ namespace: "a", app: "b", pod: { containers: [container("b", more)] } })], options, []).compose
      .services["b-b-0"];

  it("are escaped where Compose would read a variable", () => {
    const made = one({ args: ["--price=$5", "${HOME}"], env: [{ name: "PASS", value: "a$b" }] });
    expect(made).toMatchObject({ command: ["--price=$$5", "$${HOME}"], environment: { PASS: "a$$b" } });
  });

  it("have the variables filled in that the kubelet would fill in", () => {
    const env = [
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "NAME", value: "$(POD).a" },
    ];
    expect(one({ env, args: ["$(NAME)", "$(NOBODY)", "$$(NAME)"] })).toMatchObject({
      environment: { POD: "b-0", NAME: "b-0.a" },
      command: ["b-0.a", "$$(NOBODY)", "$$(NAME)"],
    });
  });

  it("take what the caller adds, and say so", () => {
    const objects = [workload({ namespace: "a", app: "b" })];
    const { compose, differences } = rendered(objects, { environment: { "a/b": { AWS_ACCESS_KEY_ID: "k" } } }, []);
    expect(compose.services["b-b-0"]?.environment).toEqual({ AWS_ACCESS_KEY_ID: "k" });
    expect(differences).toContainEqual(expect.objectContaining({ object: "a/b", field: "env[AWS_ACCESS_KEY_ID]" }));
  });
});

describe("what is mounted", () => {
  it("is a file for each key, or for those that are asked for, and is written once", () => {
    const pod = {
      containers: [
        container("b", {
          volumeMounts: [
            { name: "keys", mountPath: "/etc/keys", readOnly: true },
            { name: "settings", mountPath: "/etc/b.yaml", subPath: "b.yaml" },
          ],
        }),
      ],
      volumes: [
        { name: "keys", secret: { secretName: "keys", items: [{ key: "one", path: "sub/one.key" }] } },
        { name: "settings", configMap: { name: "settings" } },
      ],
    };
    const { compose, files } = rendered(
      [
        workload({ namespace: "a", app: "b", replicas: 2, pod }),
        stored("Secret", "a", "keys", { one: Buffer.from([0, 255, 7]).toString("base64"), two: "" }),
        stored("ConfigMap", "a", "settings", { "b.yaml": "price: $5\n", other: "" }),
      ],
      {},
      [],
    );
    const mounted = {
      secrets: [{ source: "a.keys.one", target: "/etc/keys/sub/one.key" }],
      configs: [{ source: "a.settings.b.yaml", target: "/etc/b.yaml" }],
    };
    expect(compose.services["b-b-1"]).toMatchObject(mounted);
    expect(compose.secrets).toEqual({ "a.keys.one": { file: "./secrets/a/keys/one" } });
    expect(files["secrets/a/keys/one"]).toEqual({ content: Buffer.from([0, 255, 7]), mode: 0o600 });
    expect(files["config/a/settings/b.yaml"]).toEqual({ content: Buffer.from("price: $5\n"), mode: 0o644 });
  });

  it("is told of where nobody mounts it", () => {
    const { differences, files } = rendered([stored("Secret", "a", "spare", { key: "eA==" })], {}, []);
    expect(files).toEqual({});
    expect(differences).toEqual([
      {
        object: "Secret a/spare",
        field: "",
        kubernetes: undefined,
        compose: "nothing",
        reason: "no container mounts it",
      },
    ]);
  });
});

describe("what the rendering does not know", () => {
  const pod = (more: object, ofContainer: object = {}) =>
    workload({ namespace: "a", app: "b", pod: { containers: [container("b", ofContainer)], ...more } });

  it.each([
    ["a field of a pod", pod({ hostNetwork: true }), "spec.template.spec.hostNetwork of Deployment a/b"],
    ["a field of a container", pod({}, { stdin: true }), "spec.template.spec.containers[b].stdin of Deployment a/b"],
    [
      "a field within",
      pod({}, { securityContext: { procMount: "Unmasked" } }),
      "spec.template.spec.containers[b].securityContext.procMount of Deployment a/b",
    ],
    [
      "a resource",
      pod({}, { resources: { limits: { "amd.com/gpu": "1" } } }),
      "spec.template.spec.containers[b].resources.limits.amd.com/gpu of Deployment a/b",
    ],
    [
      "a probe",
      pod({}, { readinessProbe: { tcpSocket: { port: 1, host: "other" } } }),
      "spec.template.spec.containers[b].readinessProbe.tcpSocket.host of Deployment a/b",
    ],
    ["a port of the machine", pod({}, { ports: [{ containerPort: 1, hostPort: 1 }] }), "hostPort of Deployment a/b"],
    ["a volume", pod({ volumes: [{ name: "c", hostPath: { path: "/" } }] }), "spec.template.spec.volumes[c]"],
    ["a secret variable", pod({}, { env: [{ name: "K", valueFrom: { secretKeyRef: {} } }] }), "fieldRef.fieldPath"],
    ["a field of a workload", workload({ namespace: "a", app: "b", spec: { paused: true } }), "spec.paused"],
    ["a field of a Service", service("a", "b", { externalIPs: [] }), "spec.externalIPs of Service a/b"],
    ["a kind of Service", service("a", "b", { type: "NodePort" }), "Service a/b is a NodePort"],
    [
      "a kind",
      { apiVersion: "batch/v1", kind: "Job", metadata: { name: "b", namespace: "a" } },
      "the rendering for Compose does not know Job a/b",
    ],
  ])("is an error: %s", (_title, object, message) => {
    expect(() => rendered([object], {}, [])).toThrow(message);
  });

  it("is an error where two services would have one name", () => {
    const same = [workload({ namespace: "a", app: "b" }), workload({ namespace: "c", app: "b" })];
    expect(() => rendered(same, {}, [])).toThrow("two services would be named b-b-0");
  });
});
