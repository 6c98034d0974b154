import type { OnSiteFootprint } from "../on-site/on-site-plan";
import { tangUnlock } from "../colocation/disk-unlock";

/** How a machine opens its own disks when it starts and nobody is there. */
export interface DiskUnlock {
  /** Packages of the machine's system; the medium of artifacts carries them. */
  readonly packages: readonly string[];
  /** Path to text; each file is for root alone, and executable where `executable` names it. */
  readonly files: Readonly<Record<string, string>>;
  readonly executable: readonly string[];
  /** Shell commands of the installed system, once its encrypted volumes stand: bind each, then renew the initramfs. */
  bind(devices: readonly string[], keyFile: string): string[];
}

/**
 * Bound to the machine's own TPM 2.0: a disk that leaves the machine stays locked. The key is released while Secure Boot is
 * on with the keys it was installed under (PCR 7); that register is the same for installer and installed system.
 */
export const tpm2Unlock: DiskUnlock = {
  packages: ["clevis", "clevis-luks", "clevis-tpm2", "clevis-initramfs", "cryptsetup-initramfs"],
  files: {},
  executable: [],
  bind: (devices, keyFile) => [
    ...devices.map(
      (device) => `clevis luks bind -y -k '${keyFile}' -d '${device}' tpm2 '{"pcr_bank":"sha256","pcr_ids":"7"}'`,
    ),
    "update-initramfs -u -k all",
  ],
};

/** In a company's own rack the machine itself holds the key; in a cage the company's key servers do. */
export const unlockOf = (footprint: OnSiteFootprint): DiskUnlock =>
  footprint.kind === "colocation" ? tangUnlock(footprint) : tpm2Unlock;
