import { asYaml } from "./as-yaml";
import { autoinstall, networkOf } from "./autoinstall";
import type { FirstBootArgs } from "./first-boot";

/** Files of a NoCloud seed; its volume is labelled `CIDATA`. */
export interface Seed {
  readonly "user-data": string;
  readonly "meta-data": string;
  readonly "network-config": string;
}

/** Label by which cloud-init finds a seed. */
export const seedLabel = "CIDATA";

/** The seed of one machine. It holds secrets: whoever reads it may join the cluster and open that machine's disks. */
export const seedOf = (args: FirstBootArgs): Seed => ({
  "user-data": `#cloud-config\n${asYaml({ autoinstall: autoinstall(args) })}`,
  "meta-data": asYaml({
    "instance-id": `${args.environment.name}-${args.machine.name}`,
    "local-hostname": args.machine.name,
  }),
  "network-config": asYaml(networkOf(args)),
});
