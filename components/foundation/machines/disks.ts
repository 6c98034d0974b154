import type { Machine } from "./machine";

/** An action of the installer's storage configuration. */
export type StorageAction = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

const gibibyte = 1024 ** 3;

/** Sizes of what is not left to grow, bytes: the images and volumes of pods take the rest of the system disk. */
const sizes = { efi: gibibyte, boot: 2 * gibibyte, root: 40 * gibibyte, log: 40 * gibibyte };

/**
 * How the installer finds a disk: by the slot or identity that its path says, or by serial number. What the installer calls
 * the serial has the model before it, and on some the namespace behind it, so it is searched for within.
 */
const matched = (disk: string) => (disk.startsWith("/dev/") ? { path: disk } : { serial: `*${disk}*` });

/** Partitions that are encrypted, by their label: what a key is bound to. */
export const encryptedPartitions = ({ dataDisks }: Pick<Machine, "dataDisks">): string[] => [
  "cloister-system",
  ...dataDisks.map((_, index) => `cloister-data-${index + 1}`),
];

const encryptedDevice = (label: string): string => `/dev/disk/by-partlabel/${label}`;

/** The same as paths of devices. */
export const encryptedDevices = (machine: Pick<Machine, "dataDisks">): string[] =>
  encryptedPartitions(machine).map(encryptedDevice);

function encrypted(disk: string, label: string, number: number, key: string): StorageAction[] {
  return [
    {
      id: `${label}-partition`,
      type: "partition",
      device: disk,
      number,
      size: -1,
      partition_name: label,
      wipe: "superblock",
      preserve: false,
    },
    {
      id: `${label}-crypt`,
      type: "dm_crypt",
      volume: `${label}-partition`,
      dm_name: label,
      key,
      preserve: false,
    },
  ];
}

const wholeDisk = (id: string, disk: string): StorageAction => ({
  id,
  type: "disk",
  match: matched(disk),
  ptable: "gpt",
  wipe: "superblock-recursive",
  preserve: false,
});

const mounted = (name: string, volume: string, path: string, fstype: string, options?: string): StorageAction[] => [
  { id: `${name}-format`, type: "format", fstype, volume, preserve: false },
  {
    id: `${name}-mount`,
    type: "mount",
    device: `${name}-format`,
    path,
    ...(options === undefined ? {} : { options }),
  },
];

const volume = (name: string, size: number, path: string, options?: string): StorageAction[] => [
  { id: `${name}-volume`, type: "lvm_partition", name, volgroup: "system-group", size, preserve: false },
  ...mounted(name, `${name}-volume`, path, "ext4", options),
];

/**
 * The disks of one machine, for the installer (curtin): all but the boot loader, kernel and initial file system lies in
 * LUKS 2, below LVM; there is no swap, in which secrets would end. Data disks form a volume group of their own, from which
 * the cluster's storage driver takes volumes: what it hands out is encrypted below.
 *
 * @param passphrase opens every disk of this machine where nothing else does.
 */
export function storageActions(machine: Machine, passphrase: string): StorageAction[] {
  const data = machine.dataDisks.flatMap((disk, index) => {
    const label = `cloister-data-${index + 1}`;
    return [wholeDisk(`${label}-disk`, disk), ...encrypted(`${label}-disk`, label, 1, passphrase)];
  });
  return [
    wholeDisk("system-disk", machine.systemDisk),
    {
      id: "efi-partition",
      type: "partition",
      device: "system-disk",
      number: 1,
      size: sizes.efi,
      flag: "boot",
      grub_device: true,
      wipe: "superblock",
      preserve: false,
    },
    ...mounted("efi", "efi-partition", "/boot/efi", "fat32"),
    {
      id: "boot-partition",
      type: "partition",
      device: "system-disk",
      number: 2,
      size: sizes.boot,
      wipe: "superblock",
      preserve: false,
    },
    ...mounted("boot", "boot-partition", "/boot", "ext4", "nodev,nosuid,noexec"),
    ...encrypted("system-disk", "cloister-system", 3, passphrase),
    {
      id: "system-group",
      type: "lvm_volgroup",
      name: "system",
      devices: ["cloister-system-crypt"],
      preserve: false,
    },
    ...volume("root", sizes.root, "/"),
    // The record of what happened must not be stopped by a full disk, nor fill one.
    ...volume("log", sizes.log, "/var/log", "nodev,nosuid,noexec"),
    ...volume("rancher", -1, "/var/lib/rancher"),
    ...data,
    ...(machine.dataDisks.length === 0
      ? []
      : [
          {
            id: "data-group",
            type: "lvm_volgroup",
            name: "data",
            devices: machine.dataDisks.map((_, index) => `cloister-data-${index + 1}-crypt`),
            preserve: false,
          },
        ]),
  ];
}
