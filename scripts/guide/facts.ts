import { dataClassNames } from "../../components/data-classes";
import type { SubstrateFacts } from "../../components/substrate";

/** One fact that the platform knows of its ground: the same rows on every footprint, each with its own values. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

const withoutMark = (value: string): string => (value.startsWith("planned: ") ? "told by the first update" : value);

const keyManagers = { "aws-kms": "KMS of AWS", openbao: "OpenBao", hsm: "a hardware security module" } as const;
const secretStores = { "aws-secrets-manager": "Secrets Manager of AWS", openbao: "OpenBao" } as const;

/** The Substrate in rows. */
export function factsOf(facts: SubstrateFacts): Fact[] {
  const { kubernetes, objectStore, keys, registry, secretStore, identityIssuer, gpu, network, loadBalancer } = facts;
  const pools = gpu.pools.map(
    ({ name, nodes, gpusPerNode, product }) => `${name}: ${nodes} × ${gpusPerNode} ${product}`,
  );
  const rows: Record<string, string> = {
    Kubernetes: `${kubernetes.minor}, reached by the context ${kubernetes.context}`,
    "API server's network": network.apiServer.join(", "),
    "Object store": objectStore.endpoint ?? `S3 in ${objectStore.region}`,
    "Object store's network": network.objectStore.join(", "),
    "Object store can": objectStore.capabilities.join(", "),
    Buckets: `${Object.keys(objectStore.buckets).length}, one for each data class: ${dataClassNames.join(", ")}`,
    Keys: `${Object.keys(keys.byDataClass).length}, one for each data class, held by ${keyManagers[keys.manager]}`,
    Registry: registry.host,
    "Images are pulled by": registry.pull === "node-role" ? "the nodes' role" : "the nodes' certificate",
    "Secret store": `${secretStores[secretStore.kind]}, ${secretStore.address}`,
    "Identity of pods": facts.podIdentity === "eks-pod-identity" ? "EKS Pod Identity" : "a token for the store",
    "Issuer of tokens": withoutMark(identityIssuer.url),
    "GPU pools": pools.join("; "),
    "GPU software": gpu.software === "node-image" ? "in the nodes' image" : "installed by an operator",
    "Storage class": `${facts.storageClass.name}: its volumes are encrypted`,
    "Load balancer": loadBalancer.className ?? "the cluster's own, internal by annotation",
    Database: facts.database.kind === "rds" ? "RDS" : "CloudNativePG",
    "Audit of the API server": facts.auditSource.location,
    Certificates: `${Object.keys(facts.certificates.leaves).length}, from ${Object.keys(facts.certificates.authorities).length} authorities`,
  };
  return Object.entries(rows).map(([name, value]) => ({ name, value }));
}
