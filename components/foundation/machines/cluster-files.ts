import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { apiServerDocuments, type ApiServerDocuments } from "./api-server-documents";
import { clusterAuthorityNames, type ClusterAuthorityName, type KeyPair, type MachineSecrets } from "./machine-secrets";
import { rke2Paths } from "./rke2-paths";

/** What lies on the disk of a first server before its control plane starts, and nothing that it makes itself. */
export interface ClusterFiles {
  /** YAML each. */
  readonly documents: ApiServerDocuments;
  readonly authorities: Readonly<Record<ClusterAuthorityName, KeyPair>>;
  /** PEM. */
  readonly serviceAccountKey: string;
}

const authorityFile: Readonly<Record<ClusterAuthorityName, string>> = {
  server: "server-ca",
  client: "client-ca",
  "request-header": "request-header-ca",
  "etcd-server": "etcd/server-ca",
  "etcd-peer": "etcd/peer-ca",
};

/**
 * What a control plane of this environment starts from: the same on the first server of a rack and in a rehearsal.
 *
 * @param secrets the foundation's output `machines`.
 */
export const clusterFilesOf = (environment: OnSiteEnvironment, secrets: MachineSecrets): ClusterFiles => ({
  documents: apiServerDocuments(environment.footprint.kubernetes.minor, secrets.encryptionKey),
  authorities: secrets.authorities,
  serviceAccountKey: secrets.serviceAccountKey,
});

/** The authorities as RKE2 looks for them: absolute path to PEM. */
export function authorityFiles({ authorities, serviceAccountKey }: ClusterFiles): Record<string, string> {
  const files = clusterAuthorityNames.flatMap((name) => [
    [`${rke2Paths.authorities}/${authorityFile[name]}.crt`, authorities[name].certificate],
    [`${rke2Paths.authorities}/${authorityFile[name]}.key`, authorities[name].key],
  ]);
  return Object.fromEntries([...files, [`${rke2Paths.authorities}/service.key`, serviceAccountKey]]) as Record<
    string,
    string
  >;
}

/** Absolute path of one document of the API server. */
export const documentPath = (name: keyof ApiServerDocuments): string => `${rke2Paths.documents}/${name}.yaml`;
