import type { KubernetesObject } from "../../export/kubernetes-objects";
import type { Fields } from "./fields";
import type { Rendering } from "./rendering";

/** A file of a mounted ConfigMap or Secret: its path in the volume, and the top-level name of its content. */
export interface StoredFile {
  readonly store: "configs" | "secrets";
  readonly path: string;
  readonly source: string;
}

const kinds = {
  configs: { kind: "ConfigMap", folder: "config", mode: 0o644 },
  secrets: { kind: "Secret", folder: "secrets", mode: 0o600 },
} as const;

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Every key of a ConfigMap or Secret and its bytes. */
export function contentOf(object: KubernetesObject): Record<string, Buffer> {
  const { data = {}, binaryData = {}, stringData = {} } = object as Partial<Record<string, Record<string, string>>>;
  const encoded = object.kind === "Secret" ? data : binaryData;
  const text = object.kind === "Secret" ? stringData : data;
  const decoded = (from: Record<string, string>, encoding: BufferEncoding) =>
    Object.entries(from).map(([key, value]) => [key, Buffer.from(value, encoding)]);
  return Object.fromEntries([...decoded(encoded, "base64"), ...decoded(text, "utf8")]) as Record<string, Buffer>;
}

/** The files of a volume that a ConfigMap or a Secret fills, written down once however many containers mount them. */
export function storedFiles(
  store: StoredFile["store"],
  from: Named,
  volume: Fields,
  rendering: Rendering,
): StoredFile[] {
  const { kind, folder, mode } = kinds[store];
  const title = `${kind} ${from.namespace}/${from.name}`;
  const object = rendering.stores.get(title);
  if (object === undefined) throw new Error(`a pod mounts ${title}, which no manifest holds`);
  rendering.mounted.add(title);
  const content = contentOf(object);
  const all = Object.keys(content).map((key) => ({ key, path: key }));
  return (itemsOf(volume) ?? all).map(({ key, path }) => {
    const bytes = content[key];
    if (bytes === undefined) throw new Error(`a pod mounts ${key} of ${title}, which has no such key`);
    const file = `${folder}/${from.namespace}/${from.name}/${key}`;
    // Slashes may not stand in Compose's names, nor dots in a namespace: two files never share a name.
    const source = `${from.namespace}.${from.name}.${key}`;
    rendering.files[file] = { content: bytes, mode };
    rendering[store][source] = { file: `./${file}` };
    return { store, path, source };
  });
}

function itemsOf(volume: Fields): { key: string; path: string }[] | undefined {
  if (!volume.has("items")) return undefined;
  return volume.each("items").map((item) => {
    const named = { key: item.required<string>("key"), path: item.required<string>("path") };
    item.differ("mode", "the mode of the file itself", modeReason);
    item.end();
    return named;
  });
}

/** Compose mounts the file as it lies: https://docs.docker.com/reference/compose-file/services/#secrets */
export const modeReason =
  "Compose mounts the file as it lies on the machine; owner and mode are honoured by Swarm alone";
