import { join } from "node:path";
import { imageCatalogue, imageNames, type ImageName } from "../../components/images";
import type { KubernetesObject } from "../export/kubernetes-objects";
import type { ComposeFile, ComposeService } from "./compose/compose-file";
import type { RenderedFile } from "./compose/rendering";
import { configurationHere, moved, variableHere, type Places } from "./places";

/** What a service of the composition is called on this machine, and where its files are. */
export interface PlannedProcess {
  /** Name of the composition's service. */
  readonly name: string;
  /** `zone/pod`. */
  readonly pod: string;
  readonly container: string;
  readonly image: ImageName;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that stands for its pod's root. */
  readonly root: string;
  /** Ports on 127.0.0.1 by the container's. */
  readonly ports: Readonly<Record<number, number>>;
  /** The port whose opening means ready. */
  readonly readyPort: number;
}

export interface ProcessPlan {
  readonly processes: readonly PlannedProcess[];
  /** Files by absolute path. */
  readonly files: Readonly<Record<string, RenderedFile>>;
}

export interface ProcessPlanArgs {
  readonly compose: ComposeFile;
  readonly files: Readonly<Record<string, RenderedFile>>;
  readonly objects: readonly KubernetesObject[];
  /** Folder of all pods, absolute. */
  readonly folder: string;
  /** A free port for each name, such as `gateway/guard-0:8444`. */
  readonly port: (name: string) => number;
}

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly startupProbe?: {
    readonly tcpSocket?: { readonly port: number };
    readonly httpGet?: { readonly port: number };
  };
}

const podOf = ({ labels }: ComposeService): string =>
  `${labels?.["io.kubernetes.pod.namespace"] ?? ""}/${labels?.["io.kubernetes.pod.name"] ?? ""}`;

/** The image's name in the catalogue, by the reference it was rendered with. */
export const referenceOf = (name: ImageName): string => {
  const entry = imageCatalogue[name];
  return "service" in entry ? `${entry.repository}:${entry.tag}` : entry.upstream;
};
const imageOf = (reference: string): ImageName => {
  const found = imageNames.find((name) => referenceOf(name) === reference);
  if (found === undefined) throw new Error(`${reference} is no image of the catalogue`);
  return found;
};

/** The containers of a workload's pods, with their sidecars. */
function containersOf(objects: readonly KubernetesObject[], pod: string): Container[] {
  const [zone = "", name = ""] = pod.split("/");
  const workload = objects.find(
    ({ kind, metadata }) =>
      (kind === "Deployment" || kind === "StatefulSet") &&
      metadata.namespace === zone &&
      name.replace(/-\d+$/, "") === metadata.name,
  );
  const spec = (workload?.["spec"] as { template?: { spec?: Record<string, Container[]> } } | undefined)?.template
    ?.spec;
  return [...(spec?.["containers"] ?? []), ...(spec?.["initContainers"] ?? [])];
}

/**
 * The composition as processes of this machine: the same programs with the same arguments, environment, files and
 * certificates. Only places differ: each pod has a folder for a root, and ports of its own.
 */
export function planProcesses({ compose, files, objects, folder, port }: ProcessPlanArgs): ProcessPlan {
  const services = Object.entries(compose.services).filter(([, service]) => podOf(service) !== "/");
  const pods = [...new Set(services.map(([, service]) => podOf(service)))];
  const portsOf = Object.fromEntries(
    pods.map((pod) => {
      const numbers = containersOf(objects, pod).flatMap(({ ports }) => (ports ?? []).map((one) => one.containerPort));
      return [pod, Object.fromEntries(numbers.map((number) => [number, port(`${pod}:${number}`)]))];
    }),
  );
  const named = namesOf(services);
  const placesOf = (pod: string): Places => ({
    own: portsOf[pod] ?? {},
    root: join(folder, pod.replace("/", "-")),
    of: (name, number) => {
      const found = named.get(name)?.flatMap((one) => portsOf[one]?.[number] ?? []);
      return found === undefined || found.length === 0 ? undefined : found;
    },
  });
  const written: Record<string, RenderedFile> = {};
  const processes = services.map(([name, service]): PlannedProcess => {
    const pod = podOf(service);
    const places = placesOf(pod);
    for (const { source, target } of [...(service.configs ?? []), ...(service.secrets ?? [])]) {
      const path = (compose.configs?.[source] ?? compose.secrets?.[source])?.file.replace(/^\.\//, "") ?? "";
      const file = files[path];
      if (file === undefined) throw new Error(`${path} is mounted by ${name} and is not there`);
      written[`${places.root}${target}`] = /\.ya?ml$/.test(target) ? here(file, target, pod, places) : file;
    }
    return planned(name, service, containersOf(objects, pod), pod, places);
  });
  return { processes, files: written };
}

/** A replica of the ledger is called by its host's name, which is the pod's; this machine's is another. */
function here(file: RenderedFile, target: string, pod: string, places: Places): RenderedFile {
  const text = configurationHere(file.content.toString("utf8"), places);
  const name = target.endsWith("/ledger.yaml") ? `name: ${pod.split("/")[1] ?? ""}\n` : "";
  return { content: Buffer.from(text + name), mode: file.mode };
}

function namesOf(services: readonly (readonly [string, ComposeService])[]): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (const [, service] of services) {
    const aliases = Object.values(service.networks ?? {}).flatMap((network) => network?.aliases ?? []);
    for (const alias of new Set(aliases)) named.set(alias, [...(named.get(alias) ?? []), podOf(service)]);
  }
  return named;
}

/** Compose reads `$` as the beginning of a variable. */
const unescaped = (text: string): string => text.replaceAll("$$", "$");

/** Names by which a program is asked, with its port: it refuses a request that names another. */
const ownPorts = (text: string, { own }: Places): string =>
  text.replaceAll(/(?<=\.svc(?:\.cluster\.local)?:)\d+/g, (port) => String(own[Number(port)] ?? port));

function planned(
  name: string,
  service: ComposeService,
  containers: readonly Container[],
  pod: string,
  places: Places,
): PlannedProcess {
  const container = service.labels?.["io.kubernetes.container.name"] ?? "";
  const probe = containers.find((one) => one.name === container)?.startupProbe;
  const readyPort = probe?.tcpSocket?.port ?? probe?.httpGet?.port ?? 0;
  const command = [...(service.entrypoint ?? []), ...(service.command ?? [])].map(unescaped);
  const args = command.map((word, index) => {
    const own = places.own[Number(word)];
    if (own !== undefined && command[index - 1] === "--port") return String(own);
    const [, bound] = /^0\.0\.0\.0:(\d+)$/.exec(word) ?? [];
    if (bound !== undefined) return `127.0.0.1:${places.own[Number(bound)] ?? bound}`;
    return word === "0.0.0.0" ? "127.0.0.1" : ownPorts(moved(word, places), places);
  });
  const environment = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([key, value]) => [
      key,
      variableHere(key, unescaped(String(value)), places),
    ]),
  );
  const image = imageOf(service.image);
  return {
    name,
    pod,
    container,
    image,
    args,
    environment,
    root: places.root,
    ports: places.own,
    readyPort: places.own[readyPort] ?? 0,
  };
}
