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

/**
 * What a footprint's storage driver brings to a cluster. There is no driver here: kwok answers in its place, and a claim is
 * bound to a volume without a disk.
 */
export async function layStorage({ kubectl, kubeconfig, directory, storageClass }: GroundArgs): Promise<void> {
  const file = join(directory, "ground.yaml");
  writeFileSync(
    file,
    stringify({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storageClass, labels: { "rehearsal.cloister.dev/stand-in": "kwok" } },
      provisioner: "storage.rehearsal.cloister.dev",
      volumeBindingMode: "WaitForFirstConsumer",
    }),
  );
  await run(kubectl, ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", file]);
}
