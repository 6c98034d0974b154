import type { SubstrateFacts } from "../../substrate";

/** The class that a footprint's storage driver serves; undefined where the site brings its own. */
export function planStorageClass({ name, provisioner, parameters }: SubstrateFacts["storageClass"]) {
  if (provisioner === undefined) return undefined;
  return {
    metadata: {
      name,
      labels: { "app.kubernetes.io/part-of": "cloister", "app.kubernetes.io/managed-by": "pulumi" },
    },
    provisioner,
    parameters: { ...parameters },
    // A claim that is deleted by mistake takes no data with it.
    reclaimPolicy: "Retain",
    // A volume is made in the zone of the pod that asks for it.
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}
