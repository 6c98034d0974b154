import type { KubernetesObject } from "../../export/kubernetes-objects";
import type { ContainerPort } from "./containers";
import { Fields, titleOf, type Difference } from "./fields";
import { podName, type Pod } from "./pods";

interface ServicePort {
  readonly port: number;
  readonly target: number | string;
}

/** A Service of the cluster: a name that leads to pods. */
export interface NamedPods {
  readonly title: string;
  readonly namespace: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** Reached from outside the platform. */
  readonly loadBalancer: boolean;
}

/** Reads a Service; how it balances is a difference. */
export function readService(object: KubernetesObject, differences: Difference[]): NamedPods {
  const fields = Fields.of(object, differences);
  const metadata = fields.inside("metadata");
  metadata.get("name");
  metadata.get("namespace");
  for (const field of ["labels", "annotations"]) metadata.differ(field, "nothing", "a name has no notes here");
  metadata.end();
  const spec = fields.inside("spec");
  fields.end();
  const type = spec.get<string>("type") ?? "ClusterIP";
  const headless = spec.get("clusterIP") === "None";
  if (!["ClusterIP", "LoadBalancer"].includes(type))
    throw new Error(`${titleOf(object)} is a ${type}, which is not known`);
  const loadBalancer = type === "LoadBalancer";
  if (loadBalancer) {
    spec.differ(
      "type",
      "one port on 127.0.0.1 for each pod, by the engine",
      "a port of the machine leads to one container: nothing stands before them that would choose",
    );
  } else if (!headless) {
    spec.differ(
      "type",
      "the addresses of all its containers under one name",
      "the engine's DNS balances, ready or not",
    );
  }
  const outside = "nobody outside this machine reaches it";
  for (const field of [
    "loadBalancerClass",
    "externalTrafficPolicy",
    "allocateLoadBalancerNodePorts",
    "loadBalancerSourceRanges",
  ]) {
    spec.differ(field, "127.0.0.1 alone", outside);
  }
  spec.differ(
    "publishNotReadyAddresses",
    "every container has its names at once",
    "the engine's DNS asks nobody for health",
  );
  spec.differ("sessionAffinity", "nothing", "the engine's DNS balances");
  const selector = spec.required<Record<string, string>>("selector");
  const ports = spec.each("ports").map(portOf);
  spec.end();
  const { name, namespace = "default" } = object.metadata;
  return { title: titleOf(object), namespace, name, selector, ports, loadBalancer };
}

function portOf(fields: Fields): ServicePort {
  for (const known of ["name", "protocol", "appProtocol"]) fields.get(known);
  const port = fields.required<number>("port");
  const target = fields.get<number | string>("targetPort") ?? port;
  fields.end();
  return { port, target };
}

/** Says which names lead nowhere. */
export function tellUnused(services: readonly NamedPods[], pods: readonly Pod[], differences: Difference[]): void {
  for (const service of services.filter((one) => !pods.some((pod) => selects(one, pod)))) {
    const reason = "it selects no pod, and a name here is a name of containers";
    differences.push({ object: service.title, field: "", kubernetes: undefined, compose: "nothing", reason });
  }
}

/** Whether a Service leads to a pod. */
export const selects = ({ namespace, selector }: NamedPods, pod: Pod): boolean =>
  namespace === pod.namespace && Object.entries(selector).every(([label, value]) => pod.labels[label] === value);

const inCluster = (name: string, namespace: string): string[] => [
  `${name}.${namespace}.svc`,
  `${name}.${namespace}.svc.cluster.local`,
];

/** The names by which others reach a pod: those of its Services, and its own where a StatefulSet gives it one. */
export function aliasesOf(pod: Pod, services: readonly NamedPods[], doorHost: string): string[] {
  const of = services.filter((service) => selects(service, pod));
  const own =
    pod.governingService === undefined ? [] : inCluster(`${podName(pod)}.${pod.governingService}`, pod.namespace);
  const door = of.some(({ loadBalancer }) => loadBalancer) ? [doorHost] : [];
  return [...own, ...of.flatMap(({ name, namespace }) => inCluster(name, namespace)), ...door];
}

/** The container's port behind a port of a Service. */
export function portBehind({ title }: NamedPods, { target }: ServicePort, ports: readonly ContainerPort[]): number {
  const found = typeof target === "number" ? target : ports.find(({ name }) => name === target)?.port;
  if (found === undefined) throw new Error(`${title} leads to port ${target}, which its pods do not have`);
  return found;
}

/** Throws where a name in the engine's DNS, which has no ports, could not stand for the Service. */
export function checkPorts(service: NamedPods, ports: readonly ContainerPort[]): void {
  for (const port of service.ports) {
    const behind = portBehind(service, port, ports);
    if (!service.loadBalancer && behind !== port.port) {
      throw new Error(`${service.title} leads from port ${port.port} to ${behind}: a name of Compose changes no port`);
    }
  }
}
