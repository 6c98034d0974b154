import type { KubernetesObject } from "../../../../scripts/export/kubernetes-objects";
import type { Flow } from "../../../../components/flows";

/** Labels by which a flow and a Service find a pod. */
const labelsOf = (namespace: string, app: string) => ({
  "app.kubernetes.io/name": app,
  "cloister.dev/zone": namespace,
});

/** A container without anything but a name and an image. */
export const container = (name: string, more: object = {}) => ({ name, image: `registry/${name}@sha256:0`, ...more });

interface WorkloadArgs {
  readonly kind?: "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly app: string;
  readonly replicas?: number;
  /** Fields of the pod's specification. */
  readonly pod?: object;
  /** Fields of the workload's own specification. */
  readonly spec?: object;
}

export function workload(args: WorkloadArgs): KubernetesObject {
  const { kind = "Deployment", namespace, app, replicas = 1, pod = { containers: [container(app)] }, spec = {} } = args;
  const labels = labelsOf(namespace, app);
  const template = { metadata: { labels }, spec: pod };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name: app, namespace },
    spec: { replicas, selector: { matchLabels: labels }, template, ...spec },
  };
}

export const service = (namespace: string, name: string, spec: object): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec: { selector: labelsOf(namespace, name), ...spec },
});

export const stored = (kind: "ConfigMap" | "Secret", namespace: string, name: string, data: object) => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace },
  data,
});

/** A row of the flow table between `zone/app` and `zone/app`, or a name that is neither. */
export function flow(from: string, to: string, port: number): Flow {
  const end = (name: string) => {
    const [zone = "", app] = name.split("/");
    if (app !== undefined) return { zone, app };
    return name === "clients" ? { peer: name } : { service: name };
  };
  const row = { from: end(from), to: end(to), port, protocols: ["TCP"], tls: "mutual", why: "a test asks for it" };
  return row as unknown as Flow;
}
