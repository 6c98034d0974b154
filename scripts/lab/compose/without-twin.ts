import type { KubernetesObject } from "../../export/kubernetes-objects";
import { titleOf, type Difference } from "./fields";

interface NoTwin {
  readonly compose: string;
  readonly reason: string;
}

const api: NoTwin = {
  compose: "nothing",
  reason: "there is no API server, so there is nothing of it to guard or to ask",
};

/** Kinds that Compose has nothing like, and what stands in their place. */
const kinds: Readonly<Record<string, NoTwin>> = {
  NetworkPolicy: {
    compose: "a network for each flow, with its two ends alone",
    reason:
      "a network of the engine knows neither ports nor directions: within a flow the called end may call back, to any port, and copies of one end see each other",
  },
  Namespace: {
    compose: "the zone as a label and in the names",
    reason: "Compose has one level of names, and the engine refuses no container for what it may do",
  },
  ResourceQuota: {
    compose: "nothing",
    reason: "the file is the whole of what runs: nothing is added to it at run time",
  },
  LimitRange: { compose: "nothing", reason: "every container says its own limits" },
  PodDisruptionBudget: { compose: "nothing", reason: "nobody drains a machine here" },
  PriorityClass: { compose: "nothing", reason: "nothing is pushed aside for another here" },
  StorageClass: {
    compose: "the engine's own folder",
    reason: "a named volume is encrypted only where the machine's disk is",
  },
  ServiceAccount: api,
  Role: api,
  RoleBinding: api,
  ClusterRole: api,
  ClusterRoleBinding: api,
  ValidatingAdmissionPolicy: {
    compose: "nothing",
    reason: "nothing is admitted at run time: the images are those of the file, by digest",
  },
  ValidatingAdmissionPolicyBinding: {
    compose: "nothing",
    reason: "nothing is admitted at run time: the images are those of the file, by digest",
  },
};

/** @throws where the kind is not known at all. */
export function withoutTwin(object: KubernetesObject): Difference {
  const known = kinds[object.kind];
  if (known === undefined) throw new Error(`the rendering for Compose does not know ${titleOf(object)}`);
  return { object: titleOf(object), field: "", kubernetes: undefined, ...known };
}
