import { encryptedDevices, storageActions } from "./disks";
import { unlockOf } from "./disk-unlock";
import { firstBoot, type FirstBootArgs } from "./first-boot";
import { networkConfig } from "./network-config";
import { rke2Releases } from "./rke2-config";
import { rke2Paths } from "./rke2-paths";
import { siteMachine } from "./site-machine";

/** Label of the medium that brings what no seed could hold: RKE2, its images, and packages. */
export const artifactsLabel = "CLOISTER";

const artifacts = "/media/cloister";
const keyFile = "/run/cloister/disk.key";

/** Single quotes around a text for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const inTarget = (command: string): string => `curtin in-target --target=/target -- sh -euc ${quoted(command)}`;

const writeInTarget = (path: string, text: string, mode: string): string[] => [
  `install -D -m ${mode} /dev/null ${quoted(`/target${path}`)}`,
  `printf '%s' ${quoted(Buffer.from(text, "utf8").toString("base64"))} | base64 -d > ${quoted(`/target${path}`)}`,
];

/** The network of the machine, for the installer, the seed and the installed system alike. */
export const networkOf = ({ environment, machine }: FirstBootArgs) =>
  networkConfig(environment.footprint, machine, siteMachine(environment, machine).routes);

/** Brings RKE2 and the packages from the medium of artifacts; its own checksums are compared first. */
function installArtifacts({ machine, environment }: FirstBootArgs): string[] {
  const release = rke2Releases[environment.footprint.kubernetes.minor];
  const kind = machine.role === "server" ? "server" : "agent";
  return [
    `mkdir -p /target${artifacts} && mount -o ro /dev/disk/by-label/${artifactsLabel} /target${artifacts}`,
    `cd /target${artifacts} && sha256sum --check --strict --quiet SHA256SUMS`,
    `grep -qxF ${quoted(release)} /target${artifacts}/rke2/RELEASE`,
    inTarget(`apt-get install --yes --no-install-recommends --no-download ${artifacts}/packages/*.deb`),
    `mkdir -p /target${rke2Paths.images} && cp /target${artifacts}/rke2/*.tar.zst /target${rke2Paths.images}/`,
    inTarget(`INSTALL_RKE2_ARTIFACT_PATH=${artifacts}/rke2 INSTALL_RKE2_TYPE=${kind} sh ${artifacts}/rke2/install.sh`),
    `umount /target${artifacts}`,
  ];
}

/** Binds the disks to what opens them when nobody is there. */
function bindDisks({ environment, machine, secrets }: FirstBootArgs): string[] {
  const unlock = unlockOf(environment.footprint);
  const { kernelParameters, files } = siteMachine(environment, machine);
  const passphrase = secrets.diskPassphrases[machine.name] ?? "";
  return [
    // Before the early system is renewed: it takes some of them in.
    ...Object.entries(files).flatMap(([path, text]) => writeInTarget(path, text, "0644")),
    ...Object.entries(unlock.files).flatMap(([path, text]) =>
      writeInTarget(path, text, unlock.executable.includes(path) ? "0700" : "0600"),
    ),
    ...(kernelParameters.length === 0
      ? []
      : [
          ...writeInTarget(
            "/etc/default/grub.d/cloister.cfg",
            `GRUB_CMDLINE_LINUX="${kernelParameters.join(" ")}"\n`,
            "0644",
          ),
          inTarget("update-grub"),
        ]),
    // All of them in the early system: none may wait for a person later.
    inTarget("sed -i -E '/^cloister-/s/luks([^,]*)$/luks,initramfs\\1/' /etc/crypttab"),
    `install -D -m 0600 /dev/null ${keyFile} && printf '%s' ${quoted(passphrase)} > ${keyFile}`,
    ...unlock.bind(encryptedDevices(machine), keyFile).map(inTarget),
    `shred -u ${keyFile}`,
  ];
}

/** The unattended install of one machine: Ubuntu's `autoinstall`, with the first boot inside. */
export function autoinstall(args: FirstBootArgs): object {
  const { machine, secrets } = args;
  const passphrase = secrets.diskPassphrases[machine.name];
  if (passphrase === undefined) throw new Error(`the foundation drew no passphrase for the disks of ${machine.name}`);
  return {
    version: 1,
    locale: "C.UTF-8",
    keyboard: { layout: "us" },
    timezone: "Etc/UTC",
    "refresh-installer": { update: false },
    source: { id: "ubuntu-server-minimal", search_drivers: false },
    // Nothing is fetched: the medium of the installer and that of the artifacts hold all of it.
    apt: { fallback: "offline-install", geoip: false },
    updates: "security",
    ssh: { "install-server": false, "allow-pw": false },
    network: networkOf(args),
    storage: { swap: { size: 0 }, config: storageActions(machine, passphrase) },
    "user-data": firstBoot(args),
    "late-commands": [...installArtifacts(args), ...bindDisks(args)],
    shutdown: "reboot",
  };
}
