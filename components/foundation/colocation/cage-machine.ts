import type { ColocationFootprint } from "../../../stacks/schema/colocation";
import { earlyAddress, firstCard } from "./disk-unlock";
import { gatewayRoutes, type ColocationEnvironment } from "./link-flows";
import { planManagementIsolation } from "./management-isolation";

/** What a machine is given because it stands in a cage; how its disks unlock comes on top (`tangUnlock`). */
export interface CageMachine {
  readonly packages: readonly string[];
  /** For netplan: what lies behind the gateway, and what must never be reached. */
  readonly routes: readonly { readonly to: string; readonly via?: string; readonly type?: "unreachable" }[];
  /** Path to text of files of the installed system, mode 0644. */
  readonly files: Readonly<Record<string, string>>;
  /** systemd units to enable. */
  readonly units: readonly string[];
  /** For the boot loader's command line. */
  readonly kernelParameters: readonly string[];
}

type Machine = Pick<ColocationFootprint["machines"][number], "name" | "address" | "macs">;

/** Pure: everything about one machine of a cage but its disks. */
export function cageMachine(environment: ColocationEnvironment, machine: Machine): CageMachine {
  const { footprint } = environment;
  const isolation = planManagementIsolation(footprint);
  return {
    packages: ["nftables"],
    routes: [...gatewayRoutes(environment), ...isolation.routes],
    files: {
      ...isolation.files,
      // The early system takes names of cards from here alone: netplan's do not reach it.
      [`/etc/systemd/network/10-${firstCard}.link`]: `[Match]\nMACAddress=${machine.macs[0] ?? ""}\n\n[Link]\nName=${firstCard}\n`,
    },
    units: isolation.units,
    kernelParameters: [earlyAddress(footprint, machine)],
  };
}
