import type { Fields } from "./fields";
import { podName, type Pod } from "./pods";
import { bytes } from "./quantity";
import type { Rendering } from "./rendering";
import { modeReason, storedFiles, type StoredFile } from "./stored-files";

/** What a pod's volume is made of here. */
export type PodVolume =
  | { readonly type: "files"; readonly files: readonly StoredFile[] }
  /** Empty at the start and gone at the end, in one container; `size` in bytes. */
  | { readonly type: "scratch"; readonly inMemory: boolean; readonly size?: string }
  /** A top-level volume; what lies in the image at that path is not copied into it. */
  | { readonly type: "named"; readonly source: string }
  | { readonly type: "image"; readonly reference: string }
  | { readonly type: "absent" };

/** What containers of several pods, or several containers of one, find under the same name. */
const named = (pod: Pod, volume: string): string => `${pod.namespace}-${volume}`;

/**
 * The volumes of a pod by name.
 *
 * @param mounting how many containers mount a volume.
 * @param owner `user:group` that volumes must belong to.
 */
export function podVolumes(
  pod: Pod,
  mounting: (volume: string) => number,
  owner: string | undefined,
  rendering: Rendering,
): Map<string, PodVolume> {
  const add = (source: string, volume: Rendering["volumes"][string]): PodVolume => {
    rendering.volumes[source] = volume;
    return { type: "named", source };
  };
  const claim = (name: string) => add(named(pod, name), owner === undefined ? {} : { "x-cloister-owner": owner });
  const shared = (name: string, size: string | undefined) => {
    const limit = size === undefined ? "" : `,size=${size}`;
    const driver_opts = { type: "tmpfs", device: "tmpfs", o: `nosuid,nodev,mode=1777${limit}` };
    return add(named(pod, `${name}-${podName(pod)}`), { driver_opts });
  };
  const volumes = new Map<string, PodVolume>();
  for (const name of pod.claims) volumes.set(name, claim(`${name}-${podName(pod)}`));
  for (const volume of pod.spec.each("volumes")) {
    const name = volume.required<string>("name");
    volumes.set(name, volumeOf(volume, pod, rendering) ?? ofEngine(volume));
    volume.end();
  }
  return volumes;

  /** Volumes that the engine keeps by name, or in the container's own memory. */
  function ofEngine(volume: Fields): PodVolume {
    const name = volume.required<string>("name");
    if (volume.has("persistentVolumeClaim")) {
      const source = volume.inside("persistentVolumeClaim");
      const claimed = claim(source.required<string>("claimName"));
      source.get("readOnly");
      source.end();
      return claimed;
    }
    const scratch = scratchOf(volume, mounting(name) > 1);
    return mounting(name) > 1 ? shared(name, scratch.size) : scratch;
  }
}

/** A volume that is files or an image; undefined where it is neither. */
function volumeOf(volume: Fields, pod: Pod, rendering: Rendering): PodVolume | undefined {
  if (volume.has("configMap")) return files("configs", "configMap", "name");
  if (volume.has("secret")) return files("secrets", "secret", "secretName");
  if (volume.has("projected")) return projected(volume.inside("projected"), pod, rendering);
  if (!volume.has("image")) return undefined;
  const image = volume.inside("image");
  const reference = image.required<string>("reference");
  image.differ("pullPolicy", "pulled where it is missing", "Compose has no pull policy for an image that is mounted");
  image.end();
  return { type: "image", reference };

  function files(store: StoredFile["store"], field: string, nameField: string): PodVolume {
    const seen = "each file is mounted by itself: what the image has beside it stays visible";
    volume.differ(field, "a mount for each file", seen);
    const source = volume.inside(field);
    const from = { namespace: pod.namespace, name: source.required<string>(nameField) };
    source.differ("defaultMode", "the mode of the file itself", modeReason);
    source.get("optional");
    const stored = storedFiles(store, from, source, rendering);
    source.end();
    return { type: "files", files: stored };
  }
}

function projected(volume: Fields, pod: Pod, rendering: Rendering): PodVolume {
  volume.differ("defaultMode", "the mode of the file itself", modeReason);
  const token = "no API server is there to issue a token, and no store to take one: credentials are given as variables";
  const stored = volume.each("sources").flatMap((source): StoredFile[] => {
    source.differ("serviceAccountToken", "nothing", token);
    const files = (store: StoredFile["store"], field: string): StoredFile[] => {
      if (!source.has(field)) return [];
      const inside = source.inside(field);
      const name = inside.required<string>("name");
      inside.get("optional");
      const found = storedFiles(store, { namespace: pod.namespace, name }, inside, rendering);
      inside.end();
      return found;
    };
    const found = [...files("configs", "configMap"), ...files("secrets", "secret")];
    source.end();
    return found;
  });
  volume.end();
  return stored.length === 0 ? { type: "absent" } : { type: "files", files: stored };
}

function scratchOf(volume: Fields, shared: boolean): PodVolume & { type: "scratch" } {
  if (!volume.has("emptyDir")) throw new Error(`the rendering for Compose does not know a volume of ${volume.where}`);
  const inMemory = volume.inside("emptyDir").get("medium") === "Memory";
  const why = shared
    ? "Compose shares between containers what has a name; it lasts until the last of them has stopped"
    : "what goes with a container and can be written beside a read-only root is memory here, and counts as the container's";
  if (shared || !inMemory) volume.differ("emptyDir", shared ? "a named volume of tmpfs" : "tmpfs", why);
  const emptyDir = volume.inside("emptyDir");
  emptyDir.get("medium");
  const sizeLimit = emptyDir.get<string>("sizeLimit");
  emptyDir.end();
  return { type: "scratch", inMemory, ...(sizeLimit === undefined ? {} : { size: bytes(sizeLimit) }) };
}
