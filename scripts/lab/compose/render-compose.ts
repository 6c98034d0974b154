import { flows, type Flow } from "../../../components/flows";
import type { KubernetesObject } from "../../export/kubernetes-objects";
import type { ComposeFile, ComposeService } from "./compose-file";
import type { ContainerPort } from "./containers";
import { titleOf, type Difference } from "./fields";
import { flowNetworks, type FlowNetworks } from "./flow-networks";
import { renderPod, type PodNetwork } from "./pod-services";
import { isWorkload, podsOf, type Pod } from "./pods";
import type { Addition, ComposeOptions, RenderedFile, Rendering } from "./rendering";
import { aliasesOf, checkPorts, portBehind, readService, selects, tellUnused, type NamedPods } from "./services";
import { withoutTwin } from "./without-twin";

export interface RenderedCompose {
  readonly compose: ComposeFile;
  /** By path below the folder of the Compose file. */
  readonly files: Readonly<Record<string, RenderedFile>>;
  /** All that is not as in the cluster, by object and field. */
  readonly differences: readonly Difference[];
}

/**
 * The platform as one file for Docker Compose, from the manifests that the cluster gets.
 *
 * @param objects complete objects with their secrets in clear.
 * @param table who may talk to whom. @default the kit's own table
 * @throws where a manifest says what this rendering does not know, or what cannot be said: nothing is left out silently.
 */
export function renderCompose(
  objects: readonly KubernetesObject[],
  options: ComposeOptions,
  table: readonly Flow[] = flows,
): RenderedCompose {
  const differences: Difference[] = [];
  const rendering = startRendering(objects, options, differences);
  const services = objects.filter(({ kind }) => kind === "Service").map((one) => readService(one, differences));
  const pods = objects.filter(isWorkload).flatMap((one) => podsOf(one, differences));
  const { additions = [], addresses = "198.18.0.0/15" } = options;
  const networks = flowNetworks({ flows: table, pods, additions, addresses, differences });
  const rendered: Record<string, ComposeService> = {};
  const add = (name: string, service: ComposeService) => {
    if (rendered[name] !== undefined) throw new Error(`two services would be named ${name}`);
    rendered[name] = service;
  };
  for (const pod of pods) {
    const own = Object.entries(renderPod(pod, networkOf(pod, services, networks, options), rendering));
    for (const [name, service] of own) add(name, service);
  }
  for (const addition of additions) {
    add(addition.name, addedService(addition, networks));
    Object.assign(rendering.volumes, addition.volumes);
    differences.push(told(`service ${addition.name}`, addition.end, "stands for what is outside the platform"));
  }
  tellUnused(services, pods, differences);
  tellWholeObjects(objects, rendering);
  tellOptions(rendering);
  const { configs, secrets, volumes, files } = rendering;
  const compose = { name: options.name ?? "cloister-lab", services: rendered, networks: networks.networks, volumes };
  return { compose: { ...compose, configs, secrets }, files, differences: eachOnce(differences) };
}

function startRendering(
  objects: readonly KubernetesObject[],
  options: ComposeOptions,
  differences: Difference[],
): Rendering {
  const stores = objects.filter(({ kind }) => kind === "ConfigMap" || kind === "Secret");
  return {
    options,
    differences,
    stores: new Map(stores.map((object) => [titleOf(object), object])),
    mounted: new Set(),
    files: {},
    configs: {},
    secrets: {},
    volumes: {},
  };
}

function networkOf(
  pod: Pod,
  services: readonly NamedPods[],
  { of }: FlowNetworks,
  { doorHost, doorPort = 8443 }: ComposeOptions,
): PodNetwork {
  const leading = services.filter((service) => selects(service, pod));
  const aliases = aliasesOf(pod, services, doorHost);
  const joined = of(pod).map(({ network, asked }) => [network, asked ? { aliases } : {}] as const);
  const publish = (ports: readonly ContainerPort[]) => {
    for (const service of leading) checkPorts(service, ports);
    const [door, ...more] = leading.filter(({ loadBalancer }) => loadBalancer);
    if (door === undefined) return [];
    const [port, ...others] = door.ports;
    if (port === undefined || others.length + more.length > 0) throw new Error(`${door.title} is not the one door`);
    const target = portBehind(door, port, ports);
    return [{ target, published: `${doorPort + pod.index}`, host_ip: "127.0.0.1", protocol: "tcp" }];
  };
  return { networks: Object.fromEntries(joined), publish };
}

function addedService(addition: Addition, { of }: FlowNetworks): ComposeService {
  const { service, aliases } = addition;
  const joined = of(addition).map(({ network, asked }) => [network, asked ? { aliases } : {}] as const);
  return joined.length === 0
    ? { ...service, network_mode: "none" }
    : { ...service, networks: Object.fromEntries(joined) };
}

/** Objects of which no part is in the file, and those that fill files which nobody mounts. */
function tellWholeObjects(objects: readonly KubernetesObject[], { differences, mounted }: Rendering): void {
  for (const object of objects) {
    const title = titleOf(object);
    if (object.kind === "ConfigMap" || object.kind === "Secret") {
      if (!mounted.has(title))
        differences.push({ ...told(title, undefined, "no container mounts it"), compose: "nothing" });
    } else if (object.kind !== "Service" && !isWorkload(object)) differences.push(withoutTwin(object));
  }
}

/** What the caller asked to be otherwise. */
function tellOptions({ options, differences }: Rendering): void {
  const { user, environment = {} } = options;
  if (user !== undefined) {
    const reason = "files are mounted as they lie, so containers run as their owner";
    differences.push({ object: "every container", field: "user", kubernetes: "its own", compose: user, reason });
  }
  for (const [app, added] of Object.entries(environment)) {
    for (const name of Object.keys(added)) {
      const reason = "the caller gives what a token would give in the cluster";
      differences.push({ object: app, field: `env[${name}]`, kubernetes: undefined, compose: "set", reason });
    }
  }
}

const told = (object: string, kubernetes: unknown, reason: string): Difference => ({
  object,
  field: "",
  kubernetes,
  compose: "a service of its own",
  reason,
});

/** Copies of one pod differ in the same way. */
function eachOnce(differences: readonly Difference[]): Difference[] {
  const byPlace = new Map(differences.map((difference) => [`${difference.object} ${difference.field}`, difference]));
  return [...byPlace.values()];
}
