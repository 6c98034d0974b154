import { join, relative, resolve } from "node:path";
import Table from "cli-table3";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { imageReferences, siteImageNames } from "../../components/images";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { readPassphrase } from "../passphrase";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { artifactsLabel } from "../../components/foundation/machines/autoinstall";
import { rke2Releases } from "../../components/foundation/machines/rke2-config";
import { requireWritableFolder } from "../writable-folder";
import { writeBootMedia, type Medium } from "./boot-media";
import { readLock } from "./image-lock";
import { readMachines, readSite, type SourceOptions } from "./machine-source";

export interface BootMediaOptions extends SourceOptions {
  /** Folder of the media. Default: `.cloister/boot-media/<env>`. */
  readonly out?: string;
  readonly json?: boolean;
}

/** `boot-media <environment>`: one seed for each machine, from the environment file and the foundation's secrets. */
export async function bootMedia(name: string, options: BootMediaOptions): Promise<number> {
  const environment = readSite(name, options.folder);
  const folder = resolve(options.out ?? join(projectDirectory, ".cloister", "boot-media", name));
  requireWritableFolder({ path: folder, option: "--out" });
  const progress = new StreamProgress();
  const { secrets, ...source } = await readMachines(environment, options, progress);
  const image = imageReferences({
    environment: name,
    registry: environment.footprint.registry.host,
    lock: readLock(source.lockPath),
    lockPath: relative(projectDirectory, source.lockPath),
    needed: [...siteImageNames, "collector"],
    placeholders: source.placeholders,
  });
  const images = { kubeVip: image("kube-vip"), collector: image("collector") };
  const passphrase = await readPassphrase({
    variable: "CLOISTER_AUTHORITIES_PASSPHRASE",
    of: "the authorities on the first server's medium",
    title: "The cluster's authorities need a passphrase",
  });
  const media = await writeBootMedia({ environment, secrets, ...images, passphrase, folder, progress });
  const steps = nextSteps(environment, media, options);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ environment: name, media, steps }, null, 2)}\n`);
  else process.stdout.write(`${tableOf(media)}\n\n${steps.map((step, index) => `${index + 1}. ${step}`).join("\n")}\n`);
  return 0;
}

function tableOf(media: readonly Medium[]): string {
  const table = new Table({ head: ["machine", "role", "medium", "SHA-256"], style: { head: [], border: [] } });
  for (const { machine, role, path, sha256, authorities } of media) {
    table.push([machine, authorities ? `${role}, brings the authorities` : role, path, sha256]);
  }
  return table.toString();
}

function nextSteps(
  { name, footprint }: OnSiteEnvironment,
  media: readonly Medium[],
  options: BootMediaOptions,
): string[] {
  const [first, ...others] = media.map(({ machine }) => machine);
  const release = rke2Releases[footprint.kubernetes.minor];
  return [
    ...(options.rehearsed === true
      ? ["These media are of a rehearsal: they show what a machine would be given, and join no real cluster."]
      : []),
    `Each medium is a secret: it joins the cluster and opens its machine's disks. Carry it in person and destroy it afterwards.`,
    `Give each machine the Ubuntu Server installer, started with \`autoinstall\` on its kernel's command line, its own medium, and one labelled ${artifactsLabel} with RKE2 ${release}, its images and the packages, as docs/runbooks/boot-media.md describes.`,
    `Start ${first} first, and type the passphrase of the authorities at its console when it asks.`,
    `Then start ${others.join(", ")}; each joins through ${footprint.network.apiServer} by itself.`,
    `Take a kubeconfig, \`npm run cloister -- kubeconfig ${name} --user <you>\`, then run \`npm run cloister -- up ${name}\` again for the platform.`,
  ];
}
