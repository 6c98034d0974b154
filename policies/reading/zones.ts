/** Zones that rules name. A zone is a Kubernetes namespace of the same name. */
export const GATEWAY = "gateway";
export const SERVING = "serving";

/** The label that says which zone a namespace is. */
export const ZONE_LABEL = "cloister.dev/zone";
/** The label and tag that say which class of data something holds. */
export const DATA_CLASS_LABEL = "cloister.dev/data-class";
