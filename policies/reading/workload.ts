import type { Examination } from "../examination";
import type { Properties, Subject } from "../rule";

/** Every kind that bears pods, at every version of its API. */
export const workloadTypes: readonly string[] = [
  "kubernetes:core/v1:Pod",
  "kubernetes:core/v1:PodTemplate",
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:apps/*:Deployment",
  "kubernetes:apps/*:StatefulSet",
  "kubernetes:apps/*:DaemonSet",
  "kubernetes:apps/*:ReplicaSet",
  "kubernetes:extensions/*:Deployment",
  "kubernetes:extensions/*:DaemonSet",
  "kubernetes:extensions/*:ReplicaSet",
  "kubernetes:batch/*:Job",
  "kubernetes:batch/*:CronJob",
];

export interface Pod {
  readonly metadata: Properties;
  readonly spec: Properties;
  /** Where the pod's specification lies in the resource. */
  readonly path: string;
}

export interface Container {
  readonly value: Properties;
  readonly name: string;
  readonly path: string;
  readonly group: "containers" | "initContainers" | "ephemeralContainers";
}

/** The zone a resource is in: its namespace. */
export function zoneOf(subject: Subject): string {
  return (subject.props.metadata?.namespace as string | undefined) ?? "default";
}

export function podOf(subject: Subject): Pod {
  const props = subject.props;
  if (subject.type.endsWith(":Pod")) return { metadata: props.metadata ?? {}, spec: props.spec ?? {}, path: "spec" };
  const [holder, path] = subject.type.endsWith(":CronJob")
    ? [props.spec?.jobTemplate?.spec?.template, "spec.jobTemplate.spec.template.spec"]
    : subject.type.endsWith(":PodTemplate")
      ? [props.template, "template.spec"]
      : [props.spec?.template, "spec.template.spec"];
  return { metadata: holder?.metadata ?? {}, spec: holder?.spec ?? {}, path };
}

/** Visits every container of a pod, the initial and ephemeral ones included; an unknown one hides no other. */
export function eachContainer(pod: Pod, examination: Examination, visit: (container: Container) => void): void {
  for (const group of ["containers", "initContainers", "ephemeralContainers"] as const) {
    examination.within(`${pod.path}.${group}`, () => {
      const list = (pod.spec[group] ?? []) as Properties[];
      for (let index = 0; index < list.length; index += 1) {
        const path = `${pod.path}.${group}[${index}]`;
        examination.within(path, () => {
          const value = list[index];
          visit({ value, name: String(value?.name ?? index), path, group });
        });
      }
    });
  }
}
