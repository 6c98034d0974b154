import { leastDays, type AuthorityName } from "../../certificates";
import type { OnSiteFootprint } from "../on-site/on-site-plan";
import { clusterAuthorityNames, type ClusterAuthorityName } from "./machine-secrets";

/** Which circle of trust the cluster's own authorities belong to. */
export const clusterCircle = "cluster" satisfies AuthorityName;

/** Lifetime of the cluster's authorities, days: three years, within the five of the intermediate that signs them. */
export const clusterAuthorityDays = 1095;

/** Lifetime of a certificate that a machine shows, days, and how long before its end it is made anew. */
export const machineCertificateDays = { life: leastDays[clusterCircle], renewBefore: 90 } as const;

export interface AuthorityPlan {
  readonly name: ClusterAuthorityName;
  readonly commonName: string;
  /**
   * True where the file holds the whole chain up to the offline root, so that people and pods check the API server by
   * it. The other files judge callers, and hold their own authority alone: with the shared root in them, each would
   * accept what any of the others issued, and the certificate of a kubelet would open etcd.
   */
  readonly withChain: boolean;
}

/** The authorities of one cluster. */
export const planAuthorities = (environment: string): AuthorityPlan[] =>
  clusterAuthorityNames.map((name) => ({
    name,
    commonName: `cloister-${environment}-${name}-ca`,
    withChain: name === "server",
  }));

/** Names of the machines, the first server first: it alone brings the authorities. */
export function machineNames({ machines }: OnSiteFootprint): string[] {
  const servers = machines.filter(({ role }) => role === "server");
  const agents = machines.filter(({ role }) => role === "agent");
  return [...servers, ...agents].map(({ name }) => name);
}
