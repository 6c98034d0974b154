import type { ColocationFootprint } from "../../../stacks/schema/colocation";

export interface ManagementIsolation {
  /** For netplan's `routes`: the machine's kernel knows no way to the management network. */
  readonly routes: readonly { readonly to: string; readonly type: "unreachable" }[];
  /** Path to text of files for each machine. */
  readonly files: Readonly<Record<string, string>>;
  /** Units to enable. */
  readonly units: readonly string[];
}

const table = "/etc/nftables.d/management.nft";
const unit = "management-isolation.service";

/**
 * Keeps a machine of the cluster, and every pod on it, away from the management controllers: whoever takes a machine over
 * must not reach the power switch and console of the next. Three ways are shut: routes, packets, and the machine's own
 * controller from within.
 */
export function planManagementIsolation({
  managementCidr,
}: Pick<ColocationFootprint, "managementCidr">): ManagementIsolation {
  return {
    routes: [{ to: managementCidr, type: "unreachable" }],
    files: {
      // A table of its own: it holds beside whatever the cluster's network writes.
      [table]: `table inet management
delete table inet management
table inet management {
  chain from_machine {
    type filter hook output priority -10; policy accept;
    ip daddr ${managementCidr} counter log prefix "management refused: " reject
  }
  chain from_pods {
    type filter hook forward priority -10; policy accept;
    ip daddr ${managementCidr} counter log prefix "management refused: " reject
    ip saddr ${managementCidr} counter drop
  }
  chain to_machine {
    type filter hook input priority -10; policy accept;
    ip saddr ${managementCidr} counter drop
  }
}
`,
      [`/etc/systemd/system/${unit}`]: `[Unit]
Description=Keeps this machine from the management network
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${table}

[Install]
WantedBy=multi-user.target
`,
      "/etc/modprobe.d/management.conf": ["ipmi_si", "ipmi_devintf", "ipmi_ssif"]
        .map((module) => `install ${module} /bin/false\n`)
        .join(""),
    },
    units: [unit],
  };
}
