import { textOf } from "../property-path";
import type { Properties } from "../provider";

/** What makes an object another object. */
const identity = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

const data = ["data", "stringData", "binaryData", "immutable"];

/** Fields the API server refuses to change, by kind. Others are found by asking it. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  ReplicaSet: ["spec.selector"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
  Job: ["spec.template", "spec.selector", "spec.completionMode"],
  Service: ["spec.clusterIP", "spec.clusterIPs"],
  PersistentVolumeClaim: [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeMode",
    "spec.volumeName",
    "spec.dataSource",
    "spec.dataSourceRef",
  ],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  PriorityClass: ["value", "preemptionPolicy"],
  RuntimeClass: ["handler"],
  IngressClass: ["spec.controller"],
  CustomResourceDefinition: ["spec.group", "spec.scope", "spec.names.kind", "spec.names.plural"],
};

/** The paths whose change needs a new object, given the object as it was declared. */
export function immutableFields(olds: Properties): readonly string[] {
  const kind = textOf(olds.kind);
  const sealed = (kind === "Secret" || kind === "ConfigMap") && olds.immutable === true;
  const type = kind === "Secret" ? ["type"] : [];
  return [...identity, ...(fixed[kind] ?? []), ...(sealed ? data : []), ...type];
}
