import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { documentPath } from "./cluster-files";
import { joinToken } from "./join-tokens";
import { firstServer, type Machine } from "./machine";
import type { MachineSecrets } from "./machine-secrets";

/** Release of RKE2 for each Kubernetes minor; its release notes name the Kubernetes patch inside. */
export const rke2Releases: Readonly<Record<OnSiteEnvironment["footprint"]["kubernetes"]["minor"], string>> = {
  "1.36": "v1.36.3+rke2r1",
};

/** What RKE2 reads from `config.yaml`; keys are those of its documentation. */
export type Rke2Config = Readonly<Record<string, string | boolean | readonly string[]>>;

const tls = "tls-min-version=VersionTLS13";

/** Labels and taints by which pods find their machines, the same that the rehearsal's nodes have. */
export function nodeMarks({ gpu, role }: Machine, site: string): { labels: string[]; taints: string[] } {
  const labels = [
    `cloister.dev/pool=${gpu?.pool ?? role}`,
    `topology.kubernetes.io/region=${site}`,
    `topology.kubernetes.io/zone=${site}`,
  ];
  if (role === "server") return { labels, taints: ["node-role.kubernetes.io/control-plane=true:NoSchedule"] };
  return { labels, taints: gpu === undefined ? [] : ["nvidia.com/gpu=present:NoSchedule"] };
}

/** What servers and agents have in common. */
function common(environment: OnSiteEnvironment, machine: Machine): Rke2Config {
  const { labels, taints } = nodeMarks(machine, environment.footprint.site);
  return {
    "node-name": machine.name,
    "node-ip": machine.address,
    "node-label": labels,
    ...(taints.length === 0 ? {} : { "node-taint": taints }),
    profile: "cis",
    "protect-kernel-defaults": true,
    // Without it containerd asks the public registry when the mirror has not what it wants.
    "disable-default-registry-endpoint": true,
    "resolv-conf": "/run/systemd/resolve/resolv.conf",
    "kubelet-arg": [
      tls,
      "seccomp-default=true",
      "pod-max-pids=4096",
      "streaming-connection-idle-timeout=5m",
      "system-reserved=cpu=500m,memory=2Gi",
    ],
  };
}

const joins = (environment: OnSiteEnvironment) => `https://${environment.footprint.network.apiServer}:9345`;

/** Configuration of RKE2 on a machine that runs pods alone. */
function agentConfig(environment: OnSiteEnvironment, machine: Machine, secrets: MachineSecrets): Rke2Config {
  return {
    server: joins(environment),
    token: joinToken(secrets.clusterRoot, "node", secrets.joinTokens.agent),
    ...common(environment, machine),
  };
}

/** What RKE2 hands on to the API server under names of its own. */
const apiServerFiles = {
  "audit-policy-file": documentPath("audit"),
  "pod-security-admission-config-file": documentPath("admission"),
} as const;

const apiServerArguments = ({ footprint: { identity } }: OnSiteEnvironment): string[] => [
  `encryption-provider-config=${documentPath("encryption")}`,
  `authentication-config=${documentPath("authentication")}`,
  // The answer waits until its record is written.
  "audit-log-mode=blocking-strict",
  "audit-log-maxsize=100",
  "audit-log-maxbackup=10",
  "enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs",
  `service-account-issuer=${identity.issuer}`,
  `service-account-jwks-uri=${identity.issuer}/openid/v1/jwks`,
  tls,
];

/** All that the API server is told on the machines of the control plane; nothing secret is among it. */
export const shownApiServerArguments = (environment: OnSiteEnvironment): string[] => [
  ...Object.entries(apiServerFiles).map(([name, path]) => `${name}=${path}`),
  ...apiServerArguments(environment),
];

/** Configuration of RKE2 on a machine of the control plane. */
function serverConfig(environment: OnSiteEnvironment, machine: Machine, secrets: MachineSecrets): Rke2Config {
  const { footprint } = environment;
  const { network } = footprint;
  const first = firstServer(footprint).name === machine.name;
  const token = secrets.joinTokens.server;
  return {
    // The first one begins the cluster; it has nobody to ask.
    ...(first ? { token } : { server: joins(environment), token: joinToken(secrets.clusterRoot, "server", token) }),
    "agent-token": secrets.joinTokens.agent,
    ...common(environment, machine),
    "tls-san": [network.apiServer],
    "cluster-cidr": network.podCidr,
    "service-cidr": network.serviceCidr,
    "cluster-dns": clusterDns(network.serviceCidr),
    cni: "cilium",
    "disable-kube-proxy": true,
    "ingress-controller": "none",
    "write-kubeconfig-mode": "0600",
    ...apiServerFiles,
    "kube-apiserver-arg": apiServerArguments(environment),
    "kube-controller-manager-arg": [tls],
    "kube-scheduler-arg": [tls],
  };
}

/** Kubernetes' name server has the tenth address of the services' network. */
export function clusterDns(serviceCidr: string): string {
  const [first = ""] = serviceCidr.split("/");
  const parts = first.split(".").map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 10].join(".");
}

/** The `config.yaml` of one machine. */
export const rke2Config = (environment: OnSiteEnvironment, machine: Machine, secrets: MachineSecrets): Rke2Config =>
  (machine.role === "server" ? serverConfig : agentConfig)(environment, machine, secrets);
