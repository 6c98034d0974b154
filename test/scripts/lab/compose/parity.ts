import type { ComposeFile } from "../../../../scripts/lab/compose/compose-file";
import type { RenderedFile } from "../../../../scripts/lab/compose/rendering";
import { objectName, type KubernetesObject } from "../../../../scripts/export/kubernetes-objects";
import { unlikeFiles } from "./parity-files";
import { memory, unlikeProbes } from "./parity-probes";
import { unlike, type Twins, type Unlike, type WorkloadManifest } from "./parity-manifests";

interface Rendered {
  readonly compose: ComposeFile;
  readonly files: Readonly<Record<string, RenderedFile>>;
}

/** A text of Compose as it is after its variables are filled in. */
const plain = (text: string): string => text.replaceAll("$$", "$");
const plainList = (texts: readonly string[] = []): string[] => texts.map(plain);
const plainMap = (texts: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, plain(text)]));

/** Every container that the manifests ask for, each copy by itself, beside its service; throws where one has none. */
export function twinsOf(objects: readonly KubernetesObject[], { services }: ComposeFile): Twins[] {
  const workloads = objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  return workloads.flatMap((object) => {
    const { spec } = object as unknown as WorkloadManifest;
    const { namespace = "", name } = object.metadata;
    const copies = Array.from({ length: spec.replicas }, (_copy, index) => `${name}-${index}`);
    const { containers, initContainers = [] } = spec.template.spec;
    const all = [
      ...containers.map((container) => ({ list: "containers", container })),
      ...initContainers.map((container) => ({ list: "initContainers", container })),
    ];
    return copies.flatMap((copy) =>
      all.map(({ list, container }): Twins => {
        const own = Object.values(services).filter(
          ({ labels = {} }) =>
            labels["io.kubernetes.pod.namespace"] === namespace &&
            labels["io.kubernetes.pod.name"] === copy &&
            labels["io.kubernetes.container.name"] === container.name,
        );
        const [service] = own;
        if (service === undefined || own.length > 1)
          throw new Error(`${own.length} services for ${copy} ${container.name}`);
        const at = (field: string) => `spec.template.spec.${list}[${container.name}].${field}`;
        return {
          object: `${object.kind} ${objectName(object)}`,
          namespace,
          pod: spec.template,
          container,
          service,
          at,
        };
      }),
    );
  });
}

/** All in which the containers of the manifests and their services are not the same, read from the results alone. */
export function unlikeContainers(objects: readonly KubernetesObject[], { compose, files }: Rendered): Unlike[] {
  return twinsOf(objects, compose).flatMap((twins) => [
    ...unlikeProgram(twins),
    ...unlikeRights(twins),
    ...unlikeAmounts(twins),
    ...unlikeProbes(twins),
    ...unlikeFiles(twins, objects, compose, files),
  ]);
}

const sorted = (values: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(values).sort());

function unlikeProgram({ object, pod, container, service, at }: Twins): Unlike[] {
  const variables = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ""]));
  const { ["io.kubernetes.pod.namespace"]: _ns, ["io.kubernetes.pod.name"]: _pod, ...rest } = plainMap(service.labels);
  const { ["io.kubernetes.container.name"]: _container, ...labels } = rest;
  const policy = { Always: "always", IfNotPresent: "missing", Never: "never" }[container.imagePullPolicy ?? "Always"];
  return unlike(object, [
    [at("image"), container.image, plain(service.image)],
    [at("imagePullPolicy"), policy, service.pull_policy],
    [at("command"), container.command ?? [], plainList(service.entrypoint)],
    [at("args"), container.args ?? [], plainList(service.command)],
    [at("env"), sorted(variables), sorted(plainMap(service.environment))],
    ["spec.template.metadata.labels", sorted(pod.metadata.labels), sorted(labels)],
    [
      "spec.template.metadata.annotations",
      sorted(pod.metadata.annotations ?? {}),
      sorted(plainMap(service.annotations)),
    ],
    [
      "spec.template.spec.terminationGracePeriodSeconds",
      `${pod.spec.terminationGracePeriodSeconds}s`,
      service.stop_grace_period,
    ],
    [at("lifecycle.preStop.sleep"), container.lifecycle?.preStop?.sleep, undefined],
  ]);
}

function unlikeRights({ object, pod, container, service, at }: Twins): Unlike[] {
  const { securityContext: all } = pod.spec;
  const { securityContext: own = {} } = container;
  const { capabilities = {} } = own;
  return unlike(object, [
    [at("securityContext.runAsUser"), `${all.runAsUser}:${all.runAsGroup}`, service.user],
    ["spec.template.spec.securityContext.fsGroup", all.fsGroup === undefined ? undefined : "its volumes", undefined],
    [at("securityContext.fsGroup"), [`${all.fsGroup}`], service.group_add],
    [at("securityContext.readOnlyRootFilesystem"), own.readOnlyRootFilesystem ?? false, service.read_only ?? false],
    [at("securityContext.privileged"), own.privileged ?? false, service.privileged ?? false],
    [at("securityContext.capabilities.drop"), capabilities.drop ?? [], service.cap_drop ?? []],
    [at("securityContext.capabilities.add"), capabilities.add ?? [], service.cap_add ?? []],
    [
      at("securityContext.allowPrivilegeEscalation"),
      own.allowPrivilegeEscalation === false ? ["no-new-privileges:true"] : [],
      service.security_opt ?? [],
    ],
  ]);
}

function unlikeAmounts({ object, container, service, at }: Twins): Unlike[] {
  const { limits = {}, requests = {} } = container.resources;
  const { limits: most = {}, reservations = {} } = service.deploy?.resources ?? {};
  const cores = (text: string | undefined) =>
    text === undefined ? undefined : text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
  const gpus = (devices: typeof reservations.devices = []) =>
    devices.filter(({ capabilities }) => capabilities.includes("gpu")).reduce((sum, { count }) => sum + count, 0);
  return unlike(object, [
    [at("resources.limits.cpu"), cores(limits["cpu"]), cores(most.cpus)],
    [at("resources.limits.memory"), memory(limits["memory"]), memory(most.memory)],
    [at("resources.limits.memory"), memory(limits["memory"]), memory(service.memswap_limit)],
    [at("resources.limits.nvidia.com/gpu"), Number(limits["nvidia.com/gpu"] ?? 0), gpus(reservations.devices)],
    [at("resources.requests.memory"), memory(requests["memory"]), memory(reservations.memory)],
    [at("resources.requests.cpu"), "set aside", "not set aside"],
  ]);
}
