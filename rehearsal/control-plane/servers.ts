import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ServerSpecification } from "../processes/server-specification";
import type { AuthorityName, DocumentPaths } from "./server-files";
import type { CredentialFiles } from "./credentials";

/** Absolute paths of the real programs. */
export interface ControlPlaneBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kwok: string;
}

export const PORT_NAMES = [
  "etcd",
  "etcd-peer",
  "etcd-health",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

/** All that the command lines are made of; paths are absolute. */
export interface ServerTerms {
  /** The control plane's own part of the rehearsal's directory. */
  readonly directory: string;
  readonly binaries: ControlPlaneBinaries;
  readonly ports: Ports;
  readonly files: DocumentPaths;
  /** Files of the authorities that each program must trust. */
  readonly trust: Readonly<Record<AuthorityName, string>>;
  readonly serviceAccounts: { readonly publicKey: string; readonly privateKey: string };
  readonly auditLog: string;
  readonly serviceCidr: string;
  readonly podCidr: string;
}

const TLS = ["--tls-min-version=VersionTLS13"];

/** `{ a: "b" }` as `--a=b`. */
function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** HOME lies in the rehearsal: no program finds a person's own configuration there. */
function environment({ directory }: ServerTerms): Record<string, string> {
  const home = join(directory, "home");
  mkdirSync(home, { recursive: true });
  return { HOME: home };
}

/** etcd with mutual TLS for clients and peers, and real fsync: what it acknowledges survives a power cut. */
export function etcd(terms: ServerTerms, serving: CredentialFiles, amongPeers: CredentialFiles): ServerSpecification {
  const { ports, trust } = terms;
  const client = `https://127.0.0.1:${ports.etcd}`;
  const peer = `https://127.0.0.1:${ports["etcd-peer"]}`;
  const health = `http://127.0.0.1:${ports["etcd-health"]}`;
  return {
    name: "etcd",
    command: terms.binaries.etcd,
    args: flags({
      name: "rehearsal",
      "data-dir": join(terms.directory, "etcd"),
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `rehearsal=${peer}`,
      // Health and metrics only, no data: the one port that asks for no certificate.
      "listen-metrics-urls": health,
      "cert-file": serving.certificate,
      "key-file": serving.key,
      "trusted-ca-file": trust["etcd-server"],
      "client-cert-auth": true,
      "peer-cert-file": amongPeers.certificate,
      "peer-key-file": amongPeers.key,
      "peer-trusted-ca-file": trust["etcd-peer"],
      "peer-client-cert-auth": true,
      "tls-min-version": "TLS1.3",
      // A single member elects itself: a second of waiting for others is a second lost.
      "heartbeat-interval": 20,
      "election-timeout": 200,
      "log-level": "warn",
    }),
    environment: environment(terms),
    port: ports.etcd,
    ready: { url: `${health}/readyz` },
  };
}

export function kubeApiserver(
  terms: ServerTerms,
  serving: CredentialFiles,
  etcdClient: CredentialFiles,
  frontProxy: CredentialFiles,
): ServerSpecification {
  const { ports, files, serviceAccounts, trust } = terms;
  const port = ports["kube-apiserver"];
  return {
    name: "kube-apiserver",
    command: terms.binaries.kubeApiserver,
    args: [
      ...flags({
        "bind-address": "127.0.0.1",
        "secure-port": port,
        // A loopback address may not stand in Endpoints, and no pod runs here that could use them.
        "endpoint-reconciler-type": "none",
        "etcd-servers": `https://127.0.0.1:${ports.etcd}`,
        "etcd-cafile": trust["etcd-server"],
        "etcd-certfile": etcdClient.certificate,
        "etcd-keyfile": etcdClient.key,
        "tls-cert-file": serving.certificate,
        "tls-private-key-file": serving.key,
        "client-ca-file": trust.client,
        // How it would call an aggregated API, and how the components know such a call.
        "requestheader-client-ca-file": trust["request-header"],
        "requestheader-allowed-names": "front-proxy-client",
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": frontProxy.certificate,
        "proxy-client-key-file": frontProxy.key,
        "authentication-config": files.authentication,
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs",
        "admission-control-config-file": files.admission,
        // Whether a pod may be privileged is decided by PodSecurity, per namespace.
        "allow-privileged": true,
        "audit-policy-file": files.audit,
        "audit-log-path": terms.auditLog,
        // The answer waits until its record is written.
        "audit-log-mode": "blocking-strict",
        "audit-log-maxsize": 100,
        "audit-log-maxbackup": 10,
        "encryption-provider-config": files.encryption,
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": serviceAccounts.publicKey,
        "service-account-signing-key-file": serviceAccounts.privateKey,
        "service-cluster-ip-range": terms.serviceCidr,
        profiling: false,
      }),
      ...TLS,
    ],
    environment: environment(terms),
    port,
    ready: { url: `https://127.0.0.1:${port}/readyz`, authority: terms.trust.server },
  };
}

/** Flags that the controller manager and the scheduler share: alone, so without an election; loopback; delegated rights. */
function component(port: number, kubeconfig: string, serving: CredentialFiles): string[] {
  return [
    ...flags({
      kubeconfig,
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "secure-port": port,
      "tls-cert-file": serving.certificate,
      "tls-private-key-file": serving.key,
      "leader-elect": false,
      profiling: false,
      // The default, 20 requests a second, makes a first start 5 s slower: this API server has no other clients.
      "kube-api-qps": 500,
      "kube-api-burst": 1000,
    }),
    ...TLS,
  ];
}

export function kubeControllerManager(
  terms: ServerTerms,
  kubeconfig: string,
  serving: CredentialFiles,
): ServerSpecification {
  const port = terms.ports["kube-controller-manager"];
  return {
    name: "kube-controller-manager",
    command: terms.binaries.kubeControllerManager,
    args: [
      ...component(port, kubeconfig, serving),
      ...flags({
        "root-ca-file": terms.trust.server,
        "service-account-private-key-file": terms.serviceAccounts.privateKey,
        "use-service-account-credentials": true,
      }),
    ],
    environment: environment(terms),
    port,
    ready: { url: `https://127.0.0.1:${port}/healthz`, authority: terms.trust.server },
  };
}

export function kubeScheduler(terms: ServerTerms, kubeconfig: string, serving: CredentialFiles): ServerSpecification {
  const port = terms.ports["kube-scheduler"];
  return {
    name: "kube-scheduler",
    command: terms.binaries.kubeScheduler,
    args: component(port, kubeconfig, serving),
    environment: environment(terms),
    port,
    ready: { url: `https://127.0.0.1:${port}/readyz`, authority: terms.trust.server },
  };
}

/** Plays every node that bears the stand-in's label. */
export function kwok(
  terms: ServerTerms,
  kubeconfig: string,
  stages: string,
  nodeSelector: string,
): ServerSpecification {
  const port = terms.ports.kwok;
  return {
    name: "kwok",
    command: terms.binaries.kwok,
    args: flags({
      kubeconfig,
      config: stages,
      "manage-all-nodes": false,
      "manage-nodes-with-label-selector": nodeSelector,
      "node-lease-duration-seconds": 40,
      cidr: terms.podCidr,
      "server-address": `127.0.0.1:${port}`,
    }),
    environment: environment(terms),
    port,
    ready: { url: `http://127.0.0.1:${port}/healthz` },
  };
}
