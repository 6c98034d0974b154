import { beforeAll, describe, expect, it } from "vitest";
import type { ComposeFile, ComposeService } from "../../../../scripts/lab/compose/compose-file";
import type { RenderedCompose } from "../../../../scripts/lab/compose/render-compose";
import type { RenderedFile } from "../../../../scripts/lab/compose/rendering";
import type { KubernetesObject } from "../../../../scripts/export/kubernetes-objects";
import { environmentNames } from "../../../../stacks/environment";
import { manifestsOf, rendered } from "../lab-world";
import { twinsOf, unlikeContainers } from "./parity";

/** What nobody has given a reason for, as `object field`. */
function unexplained(objects: readonly KubernetesObject[], result: RenderedCompose): string[] {
  const reasons = new Set(result.differences.map(({ object, field }) => `${object} ${field}`));
  return unlikeContainers(objects, result)
    .map(({ object, field }) => `${object} ${field}`)
    .filter((place) => !reasons.has(place));
}

describe.each(environmentNames())("the Compose file of %s", (name) => {
  let objects: KubernetesObject[];
  let result: RenderedCompose;
  beforeAll(async () => {
    objects = await manifestsOf(name);
    result = rendered(objects);
  });

  it("has a service for every container of every copy, and no other", () => {
    expect(twinsOf(objects, result.compose)).toHaveLength(Object.keys(result.compose.services).length);
    expect(Object.keys(result.compose.services).length).toBeGreaterThan(5);
  });

  it("differs from the manifests only where a reason is given", () => {
    expect(unexplained(objects, result)).toEqual([]);
  });

  it("gives a reason for each difference, of an object that there is", () => {
    const { differences } = result;
    const titles = objects.map(({ kind, metadata }) =>
      metadata.namespace === undefined ? `${kind} ${metadata.name}` : `${kind} ${metadata.namespace}/${metadata.name}`,
    );
    expect(differences.filter(({ reason, compose }) => reason === "" || compose === "")).toEqual([]);
    expect(
      differences.map(({ object }) => object).filter((one) => !titles.includes(one) && !one.startsWith("flow ")),
    ).toEqual([]);
  });
});

type Writable<Type> = { -readonly [Key in keyof Type]: Writable<Type[Key]> };
type Broken = { compose: Writable<ComposeFile>; files: Record<string, RenderedFile> };

/** Every way in which a service could quietly be another one. */
const breaks: readonly (readonly [string, (service: Writable<ComposeService>, all: Broken) => void])[] = [
  ["another image", (one) => (one.image = one.image.replace("0123", "3210"))],
  ["another pull policy", (one) => (one.pull_policy = "always")],
  ["an argument changed", (one) => (one.command = one.command?.map((text) => text.replace("8192", "4096")))],
  ["an argument more", (one) => one.command?.push("--more")],
  ["another entry point", (one) => (one.entrypoint = ["sh"])],
  ["a variable more", (one) => (one.environment = { ...one.environment, MORE: "1" })],
  ["a variable less", (one) => delete one.environment?.["HF_HUB_OFFLINE"]],
  ["root", (one) => (one.user = "0:0")],
  ["another group", (one) => (one.group_add = ["0"])],
  ["a root that can be written", (one) => delete one.read_only],
  ["capabilities kept", (one) => delete one.cap_drop],
  ["a capability added", (one) => (one.cap_add = ["SYS_ADMIN"])],
  ["all privileges", (one) => (one.privileged = true)],
  ["new privileges", (one) => delete one.security_opt],
  ["more cores", (one) => edit(one, "limits", "cpus", "64")],
  ["more memory", (one) => edit(one, "limits", "memory", "1")],
  ["swap", (one) => delete one.memswap_limit],
  ["fewer GPUs", (one) => delete one.deploy?.resources.reservations?.devices],
  ["another check", (one) => (one.healthcheck = { ...one.healthcheck, interval: "9s" })],
  ["no time to start", (one) => delete one.healthcheck?.start_period],
  ["the image's own check", (one) => delete one.healthcheck],
  ["no time to stop", (one) => (one.stop_grace_period = "1s")],
  ["another label", (one) => (one.labels = { ...one.labels, "cloister.dev/stage": "production" })],
  ["a note less", (one) => delete one.annotations?.["cloister.dev/model-bom"]],
  ["weights elsewhere", (one) => one.volumes?.forEach((mount) => (mount.target = "/elsewhere"))],
  ["weights that can be written", (one) => one.volumes?.forEach((mount) => delete mount.read_only)],
  ["no scratch space", (one) => delete one.tmpfs],
  ["no shared memory", (one) => delete one.shm_size],
  ["a certificate less", (one) => one.secrets?.pop()],
  ["another certificate", (one) => one.secrets?.forEach((file) => (file.source = one.secrets?.[0]?.source ?? ""))],
  [
    "another key",
    (_one, { files }) =>
      (files["secrets/serving/vllm-tls/vllm.key"] = { content: Buffer.from("another"), mode: 0o600 }),
  ],
  [
    "a key that all may read",
    (_one, { files }) => {
      const file = files["secrets/serving/vllm-tls/vllm.key"];
      if (file !== undefined) files["secrets/serving/vllm-tls/vllm.key"] = { ...file, mode: 0o644 };
    },
  ],
];

function edit(one: Writable<ComposeService>, part: "limits", field: "cpus" | "memory", value: string): void {
  const limits = one.deploy?.resources[part];
  if (limits !== undefined) limits[field] = value;
}

describe("parity", () => {
  let objects: KubernetesObject[];
  let result: RenderedCompose;
  beforeAll(async () => {
    objects = await manifestsOf("on-prem");
    result = rendered(objects);
  });

  const broken = (change: (one: Writable<ComposeService>, all: Broken) => void, service: string): RenderedCompose => {
    const compose = structuredClone(result.compose) as Writable<ComposeFile>;
    const files = { ...result.files };
    const one = compose.services[service];
    if (one === undefined) throw new Error(`there is no ${service}`);
    change(one, { compose, files });
    return { ...result, compose, files };
  };

  it.each(breaks)("notices %s", (_title, change) => {
    const noticed = unexplained(objects, broken(change, "qwen3-8b-vllm-0"));
    expect(noticed).not.toEqual([]);
    expect(noticed.filter((place) => !place.startsWith("Deployment serving/qwen3-8b "))).toEqual([]);
  });

  it("notices a configuration of another content", () => {
    const path = "config/gateway/envoy/envoy.yaml";
    const change = (_one: unknown, { files }: Broken) => {
      files[path] = { content: Buffer.from(`${result.files[path]?.content.toString()} `), mode: 0o644 };
    };
    expect(unexplained(objects, broken(change, "envoy-envoy-0"))).toEqual([
      "Deployment gateway/envoy spec.template.spec.containers[envoy].volumeMounts file /etc/envoy/envoy.yaml",
      "Deployment gateway/envoy spec.template.spec.containers[envoy].volumeMounts file /etc/envoy/envoy.yaml",
    ]);
  });

  it("notices a service that is gone", () => {
    const change = (_one: unknown, { compose }: Broken) => delete compose.services["envoy-envoy-1"];
    expect(() => unexplained(objects, broken(change, "envoy-envoy-0"))).toThrow("0 services for envoy-1 envoy");
  });

  it("notices a reason that was taken away", () => {
    const differences = result.differences.filter(({ field }) => !field.endsWith(".livenessProbe"));
    expect(unexplained(objects, { ...result, differences })).not.toEqual([]);
  });
});
