import { beforeAll, describe, expect, it } from "vitest";
import { planSubstrate } from "../../../../components/foundation";
import type { Platform } from "../../../../components/platform";
import { connectionNoticeSeconds, connectionSeconds } from "../../../../components/platform/gateway/envoy-http";
import type { WorkloadArgs } from "../../../../components/platform/workload/workload-args";
import { planPod } from "../../../../components/platform/workload/workload-plan";
import { environmentNames, readEnvironment } from "../../../../stacks/environment";
import type { World } from "../../recorded-world";
import { digest, recordPlatform, workloadsOf, type PodInputs, type WorkloadInputs } from "../platform-world";
import { restrictedFaults } from "./restricted";

const args: WorkloadArgs = {
  zone: "models",
  namespace: "models",
  app: "mlflow",
  kind: "StatefulSet",
  replicas: 1,
  image: `registry.example.internal/mlflow@${digest}`,
  args: [],
  ports: { https: 5000 },
  readyPort: 5000,
  certificates: { leaves: ["mlflow"], authorities: ["services"] },
  resources: { cpu: "1", memory: "2Gi" },
};
const plan = (more: Partial<WorkloadArgs> = {}): PodInputs => planPod({ ...args, ...more }) as unknown as PodInputs;

describe("a pod", () => {
  it("is refused by the evaluator of these tests when one control is broken", () => {
    const pod = plan();
    expect(restrictedFaults(pod)).toEqual([]);
    const [container] = pod.containers;
    if (container === undefined) throw new Error("a pod has a container");
    expect(
      restrictedFaults({
        ...pod,
        hostNetwork: true,
        securityContext: {},
        volumes: [{ name: "host", hostPath: { path: "/" } }],
        containers: [{ ...container, securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }],
      }),
    ).toHaveLength(7);
  });

  it("waits for its drain after the signal, which comes once nothing new arrives", () => {
    const pod = plan({ drainSeconds: 600 });
    const preStop = pod.containers[0]?.lifecycle.preStop.sleep.seconds ?? 0;
    expect(preStop).toBe(15);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(preStop + 600);
  });

  it("waits for its drain before the signal where the process cuts its connections", () => {
    const pod = plan({ drainSeconds: 600, stopsAtOnce: true });
    const preStop = pod.containers[0]?.lifecycle.preStop.sleep.seconds ?? 0;
    expect(preStop).toBe(615);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(preStop);
  });

  it("is given a token for the store only where its grant needs one, and never one of the API", () => {
    expect(JSON.stringify(plan().volumes)).not.toContain("serviceAccountToken");
    const bound = plan({ binding: { role: "a-role", annotations: {}, tokenAudience: "https://s3.example.internal" } });
    expect(bound.volumes).toContainEqual({
      name: "store-token",
      projected: {
        sources: [
          {
            serviceAccountToken: { path: "token", audience: "https://s3.example.internal", expirationSeconds: 3600 },
          },
        ],
      },
    });
    expect(bound.containers[0]?.env).toContainEqual({ name: "AWS_ROLE_ARN", value: "a-role" });
  });
});

describe.each(environmentNames())("the workloads of %s", (name) => {
  const environment = readEnvironment(name);
  let world: World<Platform>;
  let workloads: WorkloadInputs[];
  const pods = () => workloads.map(({ metadata, spec }) => [metadata.name, spec.template.spec] as const);
  const containers = () => pods().flatMap(([, pod]) => [...pod.containers, ...(pod.initContainers ?? [])]);

  beforeAll(async () => {
    world = await recordPlatform(environment);
    workloads = workloadsOf(world).map(({ inputs }) => inputs);
  });

  it("are one for each application, and one for each model", () => {
    const models = environment.platform.models.map((model) => model.name.replaceAll(".", "-"));
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual(
      [
        "collector",
        "envoy",
        "guard",
        "ledger",
        "mlflow",
        "presidio",
        "prometheus",
        "ratelimit",
        "valkey",
        ...models,
      ].sort(),
    );
  });

  it("satisfy Pod Security restricted", () => {
    expect(pods().flatMap(([name, pod]) => restrictedFaults(pod).map((fault) => `${name}: ${fault}`))).toEqual([]);
  });

  it("hold no token of the Kubernetes API", () => {
    expect(pods().map(([, pod]) => pod.automountServiceAccountToken)).toEqual(workloads.map(() => false));
    const accounts = world.ofType("kubernetes:core/v1:ServiceAccount");
    expect(accounts.map(({ inputs }) => inputs.automountServiceAccountToken)).toEqual(accounts.map(() => false));
    expect(new Set(pods().map(([, pod]) => pod.serviceAccountName))).toEqual(
      new Set(accounts.map(({ inputs }) => (inputs.metadata as { name: string }).name)),
    );
  });

  it("write to no root and to nothing but their own volumes", () => {
    expect(containers().map((each) => each.securityContext.readOnlyRootFilesystem)).toEqual(
      containers().map(() => true),
    );
    for (const { volumeMounts } of containers()) {
      const writable = volumeMounts.filter((mount) => mount.readOnly !== true).map((mount) => mount.name);
      expect(["data", "shared", "shared-memory", "tmp"]).toEqual(expect.arrayContaining(writable));
    }
  });

  it("run images and mount weights by digest from the private registry alone", () => {
    const { host } = planSubstrate(environment).registry;
    const references = [
      ...containers().map((each) => each.image),
      ...pods().flatMap(([, pod]) =>
        pod.volumes.flatMap((volume) => (volume.image as { reference: string } | undefined)?.reference ?? []),
      ),
    ];
    // The guard has its router beside it, the store its front, and what counts its way to the stores.
    expect(references).toHaveLength(workloads.length + 3 + environment.platform.models.length);
    for (const reference of references) {
      expect(reference.startsWith(`${host}/`)).toBe(true);
      expect(reference).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
  });

  it("finish what they answer before they end", () => {
    const { requestTimeoutSeconds } = environment.platform.door;
    const stops = Object.fromEntries(
      pods().map(([name, pod]) => [
        name,
        {
          preStop: pod.containers[0]?.lifecycle.preStop.sleep.seconds ?? 0,
          grace: pod.terminationGracePeriodSeconds,
        },
      ]),
    );
    for (const { preStop, grace } of Object.values(stops)) expect(grace).toBeGreaterThan(preStop);
    // Envoy cuts its streams at the signal: a connection's whole life and one more answer come before.
    expect(stops.envoy?.preStop).toBeGreaterThan(connectionSeconds + connectionNoticeSeconds + requestTimeoutSeconds);
    for (const { name, args: flags } of containers().filter((each) => each.name === "vllm")) {
      const told = Number(flags[flags.indexOf("--shutdown-timeout") + 1]);
      expect([name, told]).toEqual(["vllm", requestTimeoutSeconds]);
    }
    for (const model of environment.platform.models) {
      const { preStop = 0, grace = 0 } = stops[model.name.replaceAll(".", "-")] ?? {};
      expect(grace).toBeGreaterThan(preStop + requestTimeoutSeconds);
    }
  });

  it("use GPUs only in the pool that was asked for, which tolerates its taint", () => {
    const withGpus = workloads.filter(
      ({ spec }) => spec.template.spec.containers[0]?.resources.limits["nvidia.com/gpu"],
    );
    expect(withGpus.map(({ metadata }) => metadata.name)).toEqual(
      environment.platform.models.map((model) => model.name.replaceAll(".", "-")),
    );
    withGpus.forEach(({ spec }, index) => {
      const pod = spec.template.spec;
      expect(pod.nodeSelector).toEqual({ "cloister.dev/pool": environment.platform.models[index]?.pool });
      expect(pod.tolerations).toEqual([{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]);
    });
    const others = workloads.filter((workload) => !withGpus.includes(workload));
    for (const { spec } of others) expect(spec.template.spec.tolerations ?? []).toEqual([]);
  });

  it("keep data on the encrypted class alone", () => {
    const { storageClass } = planSubstrate(environment);
    const claims = workloads.flatMap(({ spec }) => spec.volumeClaimTemplates ?? []);
    expect(claims.length).toBeGreaterThan(0);
    expect(claims.map(({ spec }) => spec.storageClassName)).toEqual(claims.map(() => storageClass.name));
    for (const [, pod] of pods()) {
      expect(pod.volumes.filter((volume) => "persistentVolumeClaim" in volume || "ephemeral" in volume)).toEqual([]);
    }
  });

  it("fit in the ceilings of their zones while one more of each starts", () => {
    for (const quota of world.ofType("kubernetes:core/v1:ResourceQuota")) {
      const { namespace } = quota.inputs.metadata as { namespace: string };
      const { hard } = quota.inputs.spec as { hard: Record<string, string> };
      const inside = workloads.filter(({ metadata }) => metadata.namespace === namespace);
      expect(inside.length).toBeGreaterThan(0);
      const asked = (resource: string) =>
        inside.reduce((sum, { spec }) => {
          const surge = spec.strategy?.rollingUpdate.maxSurge ?? 0;
          const amount = spec.template.spec.containers[0]?.resources.limits[resource] ?? "0";
          return sum + (spec.replicas + surge) * amountOf(amount);
        }, 0);
      for (const resource of ["cpu", "memory"]) {
        expect(amountOf(hard[`limits.${resource}`] ?? "0")).toBeGreaterThanOrEqual(asked(resource));
        expect(amountOf(hard[`requests.${resource}`] ?? "0")).toBeGreaterThanOrEqual(asked(resource));
      }
      expect(amountOf(hard["requests.nvidia.com/gpu"] ?? "-1")).toBe(asked("nvidia.com/gpu"));
    }
  });
});

/** `500m` is 0.5; memory counts in GiB, so that `512Mi` is 0.5 too. */
function amountOf(quantity: string): number {
  const [, number = "", unit = ""] = /^(-?\d+)(m|Mi|Gi)?$/.exec(quantity) ?? [];
  if (number === "") throw new Error(`the test cannot read the quantity ${quantity}`);
  return Number(number) / ({ m: 1000, Mi: 1024 }[unit] ?? 1);
}
