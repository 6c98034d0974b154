import type { Subject } from "../rule";

/** Zones that rules name. A zone is a Kubernetes namespace of the same name. */
export const GATEWAY = "gateway";
export const SERVING = "serving";
export const RETRIEVAL = "retrieval";
export const TRAINING = "training";
export const MODELS = "models";
export const AUDIT = "audit";
export const OBSERVABILITY = "observability";

/** The label that says which zone a namespace is. */
export const ZONE_LABEL = "cloister.dev/zone";
/** The label and tag that say which class of data something holds. */
export const DATA_CLASS_LABEL = "cloister.dev/data-class";

/** Whether an object is of a zone: it is the zone's namespace, lies in it, or says so by its label. */
export function isOfZone({ type, props }: Subject, zone: string): boolean {
  const { name, namespace, labels } = props.metadata ?? {};
  return labels?.[ZONE_LABEL] === zone || (type.endsWith(":Namespace") ? name : namespace) === zone;
}

/** The zone that a service's name within the cluster lies in: `serving` of `vllm.serving.svc`. */
export const zoneOfHost = (host: string): string | undefined =>
  /^[^.]+\.([^.]+)\.svc(\.cluster\.local)?\.?$/.exec(host)?.[1];
