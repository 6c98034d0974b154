import type { ComposeService } from "./compose-file";
import { renderContainer, type ContainerPort, type PodContext } from "./containers";
import type { Fields } from "./fields";
import { podVolumes } from "./pod-volumes";
import { podName, type Pod } from "./pods";
import type { Rendering } from "./rendering";
import { podSecurity, volumesOwner } from "./security";

/** How the first container of a pod is in the network; the others share its. */
export interface PodNetwork {
  readonly networks: NonNullable<ComposeService["networks"]>;
  /** What is published of the ports. */
  readonly publish: (ports: readonly ContainerPort[]) => NonNullable<ComposeService["ports"]>;
}

/** Fields of a pod that nothing here is like, and why. */
const withoutTwin: Readonly<Record<string, string>> = {
  serviceAccountName: "there is no API server, so nobody needs an identity towards it",
  serviceAccount: "there is no API server, so nobody needs an identity towards it",
  automountServiceAccountToken: "there is no API server, so no token of it is anywhere",
  enableServiceLinks: "the engine sets no variables for services",
  nodeSelector: "there is one machine",
  tolerations: "there is one machine",
  affinity: "there is one machine",
  topologySpreadConstraints: "there is one machine: all copies are on it",
  priorityClassName: "nothing is pushed aside for another here",
  schedulerName: "there is one machine",
  runtimeClassName: "containers run in the engine's default runtime",
  imagePullSecrets: "the engine itself knows the registry",
  dnsPolicy: "the engine's own DNS answers",
  hostUsers: "user namespaces are a setting of the whole engine",
};

/** Name of the service of a pod's container; that of a StatefulSet's first one is the pod's. */
export function serviceName(pod: Pod, container: string, first: boolean): string {
  if (pod.kind === "Deployment") return `${pod.workload}-${container}-${pod.index}`;
  return first ? podName(pod) : `${podName(pod)}-${container}`;
}

/** The services of one pod, by name. */
export function renderPod(pod: Pod, network: PodNetwork, rendering: Rendering): Record<string, ComposeService> {
  const { spec } = pod;
  for (const [field, reason] of Object.entries(withoutTwin)) spec.differ(field, "nothing", reason);
  const security = podSecurity(spec);
  const containers = spec.each("containers");
  const before = spec.each("initContainers").map((container) => ({ container, stays: staysOf(container) }));
  const mounting = mountCounts([...containers, ...before.map(({ container }) => container)]);
  const app = `${pod.namespace}/${pod.labels["app.kubernetes.io/name"] ?? pod.workload}`;
  const context: PodContext = {
    pod,
    security,
    volumes: podVolumes(pod, mounting, volumesOwner(security, rendering.options), rendering),
    graceSeconds: spec.get<number>("terminationGracePeriodSeconds") ?? 30,
    environment: rendering.options.environment?.[app] ?? {},
  };
  spec.differ("restartPolicy", "on-failure", "a container that ends without an error stays ended");
  const [main, ...others] = containers;
  if (main === undefined) throw new Error(`${pod.owner} has no container`);
  const name = (container: Fields, first = false) => serviceName(pod, container.required<string>("name"), first);
  const render = (container: Fields) => renderContainer(container, context, rendering);
  const first = render(main);
  const besides = [...others, ...before.flatMap(({ container, stays }) => (stays ? [container] : []))];
  const rendered = besides.map((container) => ({ name: name(container), ...render(container) }));
  const earlier = before.flatMap(({ container, stays }) =>
    stays ? [] : [{ name: name(container), ...render(container) }],
  );
  spec.end();
  const ports = [first, ...rendered].flatMap((one) => one.ports);
  const mainName = name(main, true);
  const completed = earlier.map((one) => [one.name, { condition: "service_completed_successfully" }] as const);
  return {
    ...Object.fromEntries(earlier.map((one) => [one.name, { ...one.service, ...namelessNetwork(network) }])),
    [mainName]: {
      ...first.service,
      hostname: podName(pod),
      ...ownNetwork(network, ports),
      ...(completed.length === 0 ? {} : { depends_on: Object.fromEntries(completed) }),
    },
    ...Object.fromEntries(rendered.map((one) => [one.name, { ...one.service, ...sharedNetwork(mainName) }])),
  };
}

/** A container that starts before the others: it stays beside them where it is always restarted. */
function staysOf(container: Fields): boolean {
  container.differ(
    "restartPolicy",
    "started after the first container, whose network it shares, and left out of its readiness",
    "Compose makes the owner of a shared network first",
  );
  return container.get("restartPolicy") === "Always";
}

function mountCounts(containers: readonly Fields[]): (volume: string) => number {
  const mounted = containers.map((one) => one.each("volumeMounts").map((mount) => mount.required<string>("name")));
  return (volume) => mounted.filter((volumes) => volumes.includes(volume)).length;
}

/** What runs before the others reaches what they reach, and nobody reaches it. */
const namelessNetwork = ({ networks }: PodNetwork): Partial<ComposeService> =>
  Object.keys(networks).length === 0
    ? { network_mode: "none" }
    : { networks: Object.fromEntries(Object.keys(networks).map((name) => [name, {}])) };

function ownNetwork({ networks, publish }: PodNetwork, ports: readonly ContainerPort[]): Partial<ComposeService> {
  if (Object.keys(networks).length === 0) return { network_mode: "none" };
  // Only the owner of a network may name its ports: the engine refuses them on those who share it.
  const expose = ports.map(({ port, protocol }) => (protocol === "tcp" ? `${port}` : `${port}/${protocol}`));
  const published = publish(ports);
  return {
    networks,
    ...(expose.length === 0 ? {} : { expose }),
    ...(published.length === 0 ? {} : { ports: published }),
  };
}

/** A network ends with its owner's process: who shares it must start anew with the owner. */
const sharedNetwork = (main: string): Partial<ComposeService> => ({
  network_mode: `service:${main}`,
  depends_on: { [main]: { condition: "service_started", restart: true } },
});
