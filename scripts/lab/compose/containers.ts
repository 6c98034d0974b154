import { escaped, escapedValues, type ComposeService } from "./compose-file";
import { environmentOf, expanded } from "./environment";
import type { Fields } from "./fields";
import { healthcheckOf } from "./healthcheck";
import { mountsOf } from "./mounts";
import { podName, type Pod } from "./pods";
import type { PodVolume } from "./pod-volumes";
import { seconds } from "./quantity";
import type { Rendering } from "./rendering";
import { memoryLimit, resourcesOf } from "./resources";
import { securityOf, type PodSecurity } from "./security";

/** A port that a container listens on. */
export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
}

/** What all containers of a pod share. */
export interface PodContext {
  readonly pod: Pod;
  readonly security: PodSecurity;
  readonly volumes: ReadonlyMap<string, PodVolume>;
  readonly graceSeconds: number;
  /** Variables that the caller adds. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A container as a service, but for its network and its place among the others. */
export interface RenderedContainer {
  readonly service: ComposeService;
  readonly ports: readonly ContainerPort[];
}

const policies: Readonly<Record<string, string>> = { Always: "always", IfNotPresent: "missing", Never: "never" };

/** Renders one container of a pod. */
export function renderContainer(container: Fields, context: PodContext, rendering: Rendering): RenderedContainer {
  const { pod, security, volumes, graceSeconds } = context;
  const name = container.required<string>("name");
  const image = container.required<string>("image");
  const policy = container.get<string>("imagePullPolicy");
  const environment = { ...environmentOf(container, pod, rendering), ...context.environment };
  const texts = (field: string) => (container.get<string[]>(field) ?? []).map((text) => expanded(text, environment));
  const [command, args] = [texts("command"), texts("args")];
  const workingDirectory = container.get<string>("workingDir");
  const ports = portsOf(container);
  const resources = resourcesOf(container, rendering.options);
  const byName = Object.fromEntries(ports.flatMap((one) => (one.name === undefined ? [] : [[one.name, one.port]])));
  const healthcheck = healthcheckOf(container, { container: name, command, args, ports: byName });
  const test = healthcheck.test === undefined ? {} : { test: healthcheck.test.map(escaped) };
  const service: ComposeService = {
    image: escaped(image),
    ...(policy === undefined ? {} : { pull_policy: policies[policy] ?? policy }),
    // Compose drops the image's own arguments with its entry point, as the kubelet does.
    ...(command.length === 0 ? {} : { entrypoint: command.map(escaped) }),
    ...(args.length === 0 ? {} : { command: args.map(escaped) }),
    ...(workingDirectory === undefined ? {} : { working_dir: escaped(workingDirectory) }),
    ...(Object.keys(environment).length === 0 ? {} : { environment: escapedValues(environment) }),
    ...securityOf(container, security, rendering.options),
    restart: "on-failure",
    ...mountsOf(container, volumes, memoryLimit(resources)),
    healthcheck: { ...healthcheck, ...test },
    ...stoppingOf(container),
    stop_grace_period: seconds(graceSeconds),
    ...resources,
    labels: escapedValues({ ...pod.labels, ...namesOf(pod, name) }),
    ...(Object.keys(pod.annotations).length === 0 ? {} : { annotations: escapedValues(pod.annotations) }),
  };
  const log = "there is no API server that would hand the message on: it is in the container's log";
  for (const field of ["terminationMessagePath", "terminationMessagePolicy"]) container.differ(field, "nothing", log);
  container.end();
  return { service, ports };
}

/** As a cluster's runtime labels what runs, so that the same tools find it. */
const namesOf = (pod: Pod, container: string): Record<string, string> => ({
  "io.kubernetes.pod.namespace": pod.namespace,
  "io.kubernetes.pod.name": podName(pod),
  "io.kubernetes.container.name": container,
});

function portsOf(container: Fields): ContainerPort[] {
  return container.each("ports").map((port) => {
    const name = port.get<string>("name");
    const number = port.required<number>("containerPort");
    const protocol = (port.get<string>("protocol") ?? "TCP").toLowerCase();
    port.end();
    return { ...(name === undefined ? {} : { name }), port: number, protocol };
  });
}

function stoppingOf(container: Fields): Pick<ComposeService, "stop_signal" | "pre_stop"> {
  const lifecycle = container.inside("lifecycle");
  const signal = lifecycle.get<string>("stopSignal");
  const preStop = lifecycle.inside("preStop");
  preStop.differ(
    "sleep",
    "nothing: the process is told at once",
    "a hook is a command in the image, and not every image has one that waits; no endpoint has to be withdrawn first",
  );
  const exec = preStop.inside("exec");
  const command = exec.get<string[]>("command");
  exec.end();
  preStop.end();
  lifecycle.end();
  return {
    ...(signal === undefined ? {} : { stop_signal: signal }),
    ...(command === undefined ? {} : { pre_stop: [{ command: command.map(escaped) }] }),
  };
}
