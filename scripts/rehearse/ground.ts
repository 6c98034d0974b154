import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";

const run = promisify(execFile);

export interface GroundArgs {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly directory: string;
  /** The storage class that the footprint's CSI driver would bring. */
  readonly storageClass: string;
}

/** Volumes that wait for claims: as many as the platform's sets have pods, and some to spare. */
const volumes = 8;

/** What a footprint's storage driver brings to a cluster: there is no driver here, so empty volumes stand in for disks. */
export async function layStorage({ kubectl, kubeconfig, directory, storageClass }: GroundArgs): Promise<void> {
  const labels = { "rehearsal.cloister.dev/stand-in": "volume" };
  const objects = [
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storageClass, labels },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
    },
    ...Array.from({ length: volumes }, (_, index) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `rehearsal-${index + 1}`, labels },
      spec: {
        capacity: { storage: "100Gi" },
        accessModes: ["ReadWriteOnce"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: storageClass,
        hostPath: { path: `/nowhere/rehearsal-${index + 1}` },
      },
    })),
  ];
  const file = join(directory, "ground.yaml");
  writeFileSync(file, objects.map((object) => stringify(object)).join("---\n"));
  await run(kubectl, ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", file]);
}
