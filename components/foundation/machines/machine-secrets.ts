/**
 * The cluster's own authorities, each for one purpose:
 *
 * - `server` issues to API servers and kubelets that listen;
 * - `client` issues to whoever calls the API server;
 * - `request-header` issues to the API server's calls of aggregated APIs;
 * - `etcd-server` issues to etcd and to its one client, the API server;
 * - `etcd-peer` issues to etcd's members.
 */
export const clusterAuthorityNames = ["server", "client", "request-header", "etcd-server", "etcd-peer"] as const;
export type ClusterAuthorityName = (typeof clusterAuthorityNames)[number];

/** A certificate and its private key, PEM both. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/**
 * All that the machines of a site must be given and that no file can derive: the foundation's secret output `machines`.
 * What is rendered from it stays out of state.
 */
export interface MachineSecrets {
  /** What stands in each authority's file; see `clusterAuthorityNames`. */
  readonly authorities: Readonly<Record<ClusterAuthorityName, KeyPair>>;
  /** PEM of the cluster's offline root, whose key was never here. */
  readonly clusterRoot: string;
  /** PEM, RSA: signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  /** By the first a server joins, by the second an agent and nothing more. */
  readonly joinTokens: { readonly server: string; readonly agent: string };
  /** 32 bytes, base64: seals secrets before they reach etcd. */
  readonly encryptionKey: string;
  /** The private registry's authority, and by machine what the machine shows there. PEM. */
  readonly registry: { readonly authority: string; readonly machines: Readonly<Record<string, KeyPair>> };
  /** What the servers show to the ledger, to which they bring the API server's log. */
  readonly auditLog: KeyPair;
  /** By machine: opens its disks where nothing else does. */
  readonly diskPassphrases: Readonly<Record<string, string>>;
}
