import { posix } from "node:path";
import type { ComposeFile, ComposeService } from "../../../../scripts/lab/compose/compose-file";
import type { RenderedFile } from "../../../../scripts/lab/compose/rendering";
import type { KubernetesObject } from "../../../../scripts/export/kubernetes-objects";
import { unlike, type Twins, type Unlike, type VolumeManifest } from "./parity-manifests";

type Files = Readonly<Record<string, RenderedFile>>;

/** What a container finds on its disk: each file's bytes, and of what sort each volume is. */
export function unlikeFiles(
  { object, namespace, pod, container, service, at }: Twins,
  objects: readonly KubernetesObject[],
  compose: ComposeFile,
  files: Files,
): Unlike[] {
  const asked = new Map<string, string>();
  const rows: Unlike[] = [];
  const kinds: string[] = [];
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find((one) => one.name === name);
    const field = `spec.template.spec.volumes[${name}]`;
    for (const [key, bytes] of Object.entries(contentOf(volume, namespace, objects))) {
      asked.set(posix.join(mountPath, key), bytes);
    }
    kinds.push(...(expectedMount(volume, mountPath) ?? []));
    rows.push(...unlike(object, differing(volume, field, mountPath, service, compose)));
  }
  const found = new Map([...mountedFiles(service, compose, files)]);
  const paths = [...new Set([...asked.keys(), ...found.keys()])].sort();
  const bytes = paths.map((path) => [at(`volumeMounts file ${path}`), asked.get(path), found.get(path)] as const);
  return [...rows, ...unlike(object, bytes), ...unlike(object, [[at("volumeMounts"), kinds.sort(), mounts(service)]])];
}

/** Bytes in hexadecimal by key, or by the path in the volume. */
function contentOf(
  volume: VolumeManifest | undefined,
  namespace: string,
  objects: readonly KubernetesObject[],
): Record<string, string> {
  const kind = volume?.secret === undefined ? "ConfigMap" : "Secret";
  const name = volume?.secret?.secretName ?? volume?.configMap?.name;
  const store = objects.find(
    ({ kind: one, metadata }) => one === kind && metadata.namespace === namespace && metadata.name === name,
  ) as { data?: Record<string, string> } | undefined;
  const encoding = kind === "Secret" ? "base64" : "utf8";
  return Object.fromEntries(
    Object.entries(store?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, encoding).toString("hex")]),
  );
}

function* mountedFiles(service: ComposeService, compose: ComposeFile, files: Files): Generator<[string, string]> {
  for (const store of ["configs", "secrets"] as const) {
    for (const { source, target } of service[store] ?? []) {
      const path = compose[store][source]?.file.replace("./", "") ?? "";
      const file = files[path];
      const mode = store === "secrets" ? 0o600 : 0o644;
      yield [target, file?.mode === mode ? Buffer.from(file.content).toString("hex") : `mode ${file?.mode}`];
    }
  }
}

/** Mounts besides files, such as `volume /data`; a claim has no volume in the pod. */
function expectedMount(volume: VolumeManifest | undefined, path: string): string[] | undefined {
  if (volume === undefined) return [`volume ${path}`];
  if (volume.image !== undefined) return [`image ${path} ${volume.image.reference} read-only`];
  if (volume.emptyDir === undefined) return undefined;
  return [path === "/dev/shm" && volume.emptyDir.medium === "Memory" ? "shared memory" : `scratch ${path}`];
}

function mounts({ volumes = [], tmpfs = [], shm_size }: ComposeService): string[] {
  const named = volumes.map(({ type, source, target, read_only }) => {
    if (type === "image") return `image ${target} ${source}${read_only === true ? " read-only" : ""}`;
    // What several containers of a pod share bears the name of the pod's volume, and is scratch all the same.
    return `${source.includes("-data-") ? "volume" : "scratch"} ${target}`;
  });
  const scratch = tmpfs.map((one) => `scratch ${one.split(":")[0]}`);
  return [...named, ...scratch, ...(shm_size === undefined ? [] : ["shared memory"])].sort();
}

/** What is of another make than in the cluster, wherever it is mounted. */
function differing(
  volume: VolumeManifest | undefined,
  field: string,
  path: string,
  { tmpfs = [] }: ComposeService,
  compose: ComposeFile,
): [string, unknown, unknown][] {
  if (volume === undefined) {
    const classes = Object.values(compose.volumes).map((one) => Object.keys(one).includes("storageClassName"));
    return [["spec.volumeClaimTemplates[data].spec.storageClassName", true, classes.some(Boolean)]];
  }
  if (volume.projected !== undefined) {
    return [[`${field}.projected.sources[0].serviceAccountToken`, volume.projected, undefined]];
  }
  if (volume.secret !== undefined) return [[`${field}.secret`, "one folder", "files"]];
  if (volume.configMap !== undefined) return [[`${field}.configMap`, "one folder", "files"]];
  const disk = volume.emptyDir !== undefined && volume.emptyDir.medium !== "Memory";
  const memory = tmpfs.some((one) => one.startsWith(`${path}:`));
  return disk ? [[`${field}.emptyDir`, "disk", memory ? "memory" : "a named volume"]] : [];
}
