/**
 * Keys of RKE2's `config.yaml`, as the references of its server and of its Linux agent list them (documentation of October
 * 2026, releases 1.33 to 1.36). Written down a second time, so that a key of our own making is noticed.
 */
const ofBoth = [
  ...["config", "debug", "data-dir", "token", "token-file", "server", "node-name", "with-node-id", "node-label"],
  ...["node-taint", "image-credential-provider-bin-dir", "image-credential-provider-config", "selinux"],
  ...["lb-server-port", "protect-kernel-defaults", "container-runtime-endpoint", "default-runtime", "snapshotter"],
  ...["private-registry", "disable-default-registry-endpoint", "node-ip", "node-external-ip", "resolv-conf"],
  ...["kubelet-arg", "kube-proxy-arg", "profile", "audit-policy-file", "pod-security-admission-config-file"],
  ...["control-plane-resource-requests", "control-plane-resource-limits", "control-plane-probe-configuration"],
];

export const agentKeys: readonly string[] = ofBoth;

export const serverKeys: readonly string[] = [
  ...ofBoth,
  ...["bind-address", "advertise-address", "tls-san", "tls-san-security", "cluster-cidr", "service-cidr"],
  ...["service-node-port-range", "cluster-dns", "cluster-domain", "egress-selector-mode", "servicelb-namespace", "cni"],
  ...["write-kubeconfig", "write-kubeconfig-mode", "helm-job-image", "agent-token", "agent-token-file"],
  ...["cluster-reset", "cluster-reset-restore-path", "etcd-expose-metrics", "etcd-disable-snapshots"],
  ...["etcd-snapshot-name", "etcd-snapshot-schedule-cron", "etcd-snapshot-retention", "etcd-snapshot-dir"],
  ...["etcd-snapshot-compress", "kube-apiserver-arg", "etcd-arg", "kube-controller-manager-arg", "kube-scheduler-arg"],
  ...["kube-cloud-controller-manager-arg", "disable", "disable-scheduler", "disable-cloud-controller"],
  ...["disable-kube-proxy", "enable-servicelb", "ingress-controller", "kube-apiserver-extra-mount"],
  ...["secrets-encryption-provider", "embedded-registry", "system-default-registry"],
];

/** Settings that must be the same on every server, by the same reference. */
export const sameOnAllServers = [
  ...["agent-token", "cluster-cidr", "cluster-dns", "cluster-domain", "disable-cloud-controller"],
  ...["disable-kube-proxy", "egress-selector-mode", "service-cidr"],
];

/**
 * Sections of Ubuntu's autoinstall, as its reference lists them (Ubuntu 24.04), and the type of each. The installer's own
 * JSON Schema is in no package that could be had by an ordinary client, so this list stands in its place.
 */
export const autoinstallSections: Readonly<Record<string, "number" | "string" | "list" | "object">> = {
  version: "number",
  "interactive-sections": "list",
  "early-commands": "list",
  locale: "string",
  "refresh-installer": "object",
  keyboard: "object",
  source: "object",
  network: "object",
  proxy: "string",
  apt: "object",
  storage: "object",
  identity: "object",
  "active-directory": "object",
  "ubuntu-pro": "object",
  ssh: "object",
  codecs: "object",
  drivers: "object",
  oem: "object",
  snaps: "list",
  "debconf-selections": "string",
  packages: "list",
  kernel: "object",
  "kernel-crash-dumps": "object",
  timezone: "string",
  updates: "string",
  shutdown: "string",
  "late-commands": "list",
  "error-commands": "list",
  reporting: "object",
  "user-data": "object",
  zdevs: "list",
};
