import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { authorityFiles, clusterFilesOf } from "../../components/foundation/machines/cluster-files";
import { firstServer, inStartOrder } from "../../components/foundation/machines/machine";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { sealArchive } from "../../components/foundation/machines/sealed-authorities";
import { seedLabel, seedOf } from "../../components/foundation/machines/seeds";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { tarOf } from "../../rehearsal/registry/tar";
import type { Progress } from "../../rehearsal/setup/progress";
import { isoImage } from "./iso9660";

/** One medium that was written. */
export interface Medium {
  readonly machine: string;
  readonly role: "server" | "agent";
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** True for the one that carries the cluster's authorities, sealed. */
  readonly authorities: boolean;
}

export interface BootMediaArgs {
  readonly environment: OnSiteEnvironment;
  /** The foundation's output `machines`. */
  readonly secrets: MachineSecrets;
  /** Reference of kube-vip by digest, from the private registry. */
  readonly kubeVip: string;
  /** Reference of the collector by digest, from the private registry. */
  readonly collector: string;
  /** Opens the authorities on the first server; it travels apart from the medium. */
  readonly passphrase: string;
  /** Folder of the media; made where it is not there. */
  readonly folder: string;
  readonly progress: Progress;
}

/** A tar archive (ustar) of files by their absolute path. */
function archiveOf(files: Readonly<Record<string, string>>): Buffer {
  // Each archive of one file ends with two empty blocks of 512 bytes; one end is enough.
  const end = 1024;
  const parts = Object.entries(files).map(([path, text]) => {
    const one = tarOf(path.replace(/^\//, ""), text);
    return one.subarray(0, one.length - end);
  });
  return Buffer.concat([...parts, Buffer.alloc(end)]);
}

/** The cluster's authorities as they travel: an archive that only the passphrase opens. */
export const sealedAuthorities = ({ environment, secrets, passphrase }: BootMediaArgs): Buffer =>
  sealArchive(archiveOf(authorityFiles(clusterFilesOf(environment, secrets))), passphrase, randomBytes(8));

/** Writes a seed for each machine, readable by its owner alone; the first server's is the first. */
export async function writeBootMedia(args: BootMediaArgs): Promise<Medium[]> {
  const { environment, secrets, kubeVip, collector, folder, progress } = args;
  const machines = inStartOrder(environment.footprint);
  const first = firstServer(environment.footprint);
  return progress.step(`writing ${machines.length} boot media`, (detail) => {
    const media: Medium[] = [];
    for (const machine of machines) {
      const authorities = machine.name === first.name;
      const sealed = authorities ? { sealedAuthorities: sealedAuthorities(args) } : {};
      const seed = seedOf({ environment, machine, secrets, kubeVip, collector, ...sealed });
      const image = isoImage(seedLabel, { ...seed });
      const path = join(folder, `${environment.name}-${machine.name}.iso`);
      writePrivateFile(path, image);
      const sha256 = createHash("sha256").update(image).digest("hex");
      media.push({ machine: machine.name, role: machine.role, path, bytes: image.length, sha256, authorities });
      detail(`${media.length} of ${machines.length}`);
    }
    return Promise.resolve(media);
  });
}
