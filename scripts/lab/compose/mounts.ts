import { posix } from "node:path";
import type { ComposeFileMount, ComposeMount, ComposeService } from "./compose-file";
import type { Fields } from "./fields";
import type { PodVolume } from "./pod-volumes";

export type Mounts = Pick<ComposeService, "volumes" | "tmpfs" | "shm_size" | "configs" | "secrets">;

interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  readonly subPath?: string;
}

/**
 * Where a container finds its pod's volumes.
 *
 * @param memory the container's limit, bytes: what an unlimited volume in memory may hold, as in the cluster.
 */
export function mountsOf(
  container: Fields,
  volumes: ReadonlyMap<string, PodVolume>,
  memory: string | undefined,
): Mounts {
  const mounts: ComposeMount[] = [];
  const tmpfs: string[] = [];
  const stored: Record<"configs" | "secrets", ComposeFileMount[]> = { configs: [], secrets: [] };
  let shm_size: string | undefined;
  for (const fields of container.each("volumeMounts")) {
    const name = fields.required<string>("name");
    const volume = volumes.get(name);
    if (volume === undefined) throw new Error(`${fields.where} mounts ${name}, which its pod has not`);
    const mount = mountOf(fields);
    if (volume.type === "files") {
      for (const [store, file] of filesAt(mount, volume)) stored[store].push(file);
    } else if (volume.type === "scratch") {
      if (mount.subPath !== undefined) throw new Error(`${fields.where} mounts a part of a volume that is empty`);
      // The engine mounts a memory of its own there, which only its size makes the cluster's.
      if (mount.path === "/dev/shm" && volume.inMemory) shm_size = volume.size ?? memory;
      else tmpfs.push(scratchAt(mount, volume));
    } else if (volume.type !== "absent") mounts.push(mountAt(mount, volume));
  }
  return {
    ...(mounts.length === 0 ? {} : { volumes: mounts }),
    ...(tmpfs.length === 0 ? {} : { tmpfs }),
    ...(shm_size === undefined ? {} : { shm_size }),
    ...(stored.configs.length === 0 ? {} : { configs: stored.configs }),
    ...(stored.secrets.length === 0 ? {} : { secrets: stored.secrets }),
  };
}

function mountOf(fields: Fields): Mount {
  const subPath = fields.get<string>("subPath");
  const path = fields.required<string>("mountPath");
  const readOnly = fields.get<boolean>("readOnly") ?? false;
  fields.end();
  return { path, readOnly, ...(subPath === undefined ? {} : { subPath }) };
}

function filesAt({ path, subPath }: Mount, { files }: PodVolume & { type: "files" }) {
  const wanted = subPath === undefined ? files : files.filter((file) => file.path === subPath);
  if (wanted.length === 0) throw new Error(`nothing would be mounted at ${path}`);
  return wanted.map((file): ["configs" | "secrets", ComposeFileMount] => {
    const target = subPath === undefined ? posix.join(path, file.path) : path;
    return [file.store, { source: file.source, target }];
  });
}

/** The engine forbids running what lies in a tmpfs unless it is told; a cluster's scratch space allows it. */
function scratchAt({ path, readOnly }: Mount, { size }: PodVolume & { type: "scratch" }): string {
  const limit = size === undefined ? "" : `,size=${size}`;
  return `${path}:${readOnly ? "ro" : "rw"},exec,nosuid,nodev,mode=1777${limit}`;
}

function mountAt({ path, readOnly, subPath }: Mount, volume: PodVolume & { type: "named" | "image" }): ComposeMount {
  const common = { target: path, ...(readOnly ? { read_only: true } : {}) };
  if (volume.type === "image") {
    const part = subPath === undefined ? {} : { image: { subpath: subPath } };
    return { type: "image", source: volume.reference, ...common, ...part };
  }
  // A cluster's volume is empty at first, whatever the image has at that path.
  const part = subPath === undefined ? {} : { subpath: subPath };
  return { type: "volume", source: volume.source, ...common, volume: { nocopy: true, ...part } };
}
