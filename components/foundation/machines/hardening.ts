/** Kernel parameters. The first four are what the kubelet demands; without them it does not start under the CIS profile. */
const sysctls: Readonly<Record<string, number>> = {
  "vm.panic_on_oom": 0,
  "vm.overcommit_memory": 1,
  "kernel.panic": 10,
  "kernel.panic_on_oops": 1,
  "kernel.dmesg_restrict": 1,
  "kernel.kexec_load_disabled": 1,
  "kernel.kptr_restrict": 2,
  "kernel.perf_event_paranoid": 3,
  "kernel.randomize_va_space": 2,
  "kernel.sysrq": 0,
  "kernel.unprivileged_bpf_disabled": 1,
  "kernel.yama.ptrace_scope": 2,
  "fs.protected_fifos": 2,
  "fs.protected_hardlinks": 1,
  "fs.protected_regular": 2,
  "fs.protected_symlinks": 1,
  "fs.suid_dumpable": 0,
  "net.core.bpf_jit_harden": 2,
  "net.ipv4.conf.all.accept_redirects": 0,
  "net.ipv4.conf.all.accept_source_route": 0,
  "net.ipv4.conf.all.log_martians": 1,
  "net.ipv4.conf.all.secure_redirects": 0,
  "net.ipv4.conf.all.send_redirects": 0,
  "net.ipv4.conf.default.accept_redirects": 0,
  "net.ipv4.conf.default.accept_source_route": 0,
  "net.ipv4.conf.default.send_redirects": 0,
  "net.ipv4.icmp_echo_ignore_broadcasts": 1,
  "net.ipv4.tcp_syncookies": 1,
  "net.ipv6.conf.all.accept_ra": 0,
  "net.ipv6.conf.all.accept_redirects": 0,
  "net.ipv6.conf.default.accept_ra": 0,
  "net.ipv6.conf.default.accept_redirects": 0,
};

/** What a server in a rack has no use for: old file systems, rare protocols, and sticks that somebody plugs in. */
const refusedModules = [
  ...["cramfs", "freevxfs", "hfs", "hfsplus", "jffs2"],
  ...["dccp", "rds", "sctp", "tipc"],
  ...["usb_storage", "uas", "firewire_core", "thunderbolt"],
];

/** What Cilium needs before it starts. */
const neededModules = ["br_netfilter", "overlay", "wireguard"];

const ini = (section: string, values: Readonly<Record<string, string>>): string =>
  `[${section}]\n${Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("")}`;

/**
 * Files that harden the system of every machine: absolute path to text.
 *
 * @param ntp addresses of the site's time servers; no other is ever asked.
 */
export const hardeningFiles = (ntp: readonly string[]): Record<string, string> => ({
  "/etc/sysctl.d/60-cloister.conf": Object.entries(sysctls)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join(""),
  "/etc/modprobe.d/cloister.conf": refusedModules.map((name) => `install ${name} /bin/false\n`).join(""),
  "/etc/modules-load.d/cloister.conf": neededModules.map((name) => `${name}\n`).join(""),
  "/etc/systemd/timesyncd.conf.d/cloister.conf": ini("Time", { NTP: ntp.join(" "), FallbackNTP: "" }),
  "/etc/systemd/resolved.conf.d/cloister.conf": ini("Resolve", {
    FallbackDNS: "",
    LLMNR: "no",
    MulticastDNS: "no",
  }),
  "/etc/systemd/coredump.conf.d/cloister.conf": ini("Coredump", { Storage: "none", ProcessSizeMax: "0" }),
  "/etc/security/limits.d/cloister.conf": "* hard core 0\n",
});

/** Services that reach out, change the system by themselves or let somebody in. */
export const maskedUnits = [
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
  "unattended-upgrades.service",
  "motd-news.timer",
  "ssh.service",
  "ssh.socket",
  "snapd.service",
  "snapd.socket",
  "ctrl-alt-del.target",
];
