import type { Environment } from "../../../stacks/environment";
import type { ColocationFootprint } from "../../../stacks/schema/colocation";
import type { OnPremFootprint } from "../../../stacks/schema/on-prem";
import { gpuPoolsOf } from "../../../stacks/schema/relations";
import { dataClassNames, type DataClassName } from "../../data-classes";
import type { SubstrateFacts } from "../../substrate";
import { plannedCertificates } from "../pki/planned-certificates";
import { planGrants, roleSuffix } from "../grants";
import { bucketName } from "../storage/object-store-plan";

/** A footprint whose machines, store and registry stand in a building rather than in a cloud. */
export type OnSiteFootprint = OnPremFootprint | ColocationFootprint;
export type OnSiteEnvironment = Environment & { readonly footprint: OnSiteFootprint };

const byDataClass = (value: (name: DataClassName) => string) =>
  Object.fromEntries(dataClassNames.map((name) => [name, value(name)])) as Record<DataClassName, string>;

/** The Substrate as it will be: everything that the environment file decides, and marks where an `up` must tell. */
export function planOnSite(environment: OnSiteEnvironment): SubstrateFacts {
  const { footprint, name } = environment;
  const slug = environment.organisation.slug;
  return {
    apiVersion: "cloister.dev/substrate/v1",
    environment: name,
    kubernetes: {
      minor: footprint.kubernetes.minor,
      context: `cloister-${name}`,
      clusterIdentifier: `cloister-${name}`,
    },
    objectStore: {
      endpoint: footprint.objectStore.endpoint,
      region: footprint.objectStore.region,
      capabilities: [...footprint.objectStore.capabilities],
      auditRetentionDays: environment.auditRetentionDays,
      buckets: byDataClass((dataClass) => bucketName(slug, name, dataClass)),
    },
    keys: {
      manager: footprint.keyManager.kind,
      byDataClass: byDataClass((dataClass) => `${footprint.keyManager.address}/${name}-${dataClass}`),
    },
    registry: { host: footprint.registry.host, pull: "node-certificate" },
    secretStore: { kind: "openbao", address: footprint.secretStore.address },
    identityIssuer: { url: footprint.identity.issuer, audience: footprint.objectStore.endpoint },
    grants: planGrants().map((grant) => ({
      ...grant,
      role: `arn:aws:iam:::role/${name}-${roleSuffix(grant.identity)}`,
    })),
    podIdentity: "web-identity-token",
    gpu: { software: "operator", pools: gpuPoolsOf(environment) },
    systemNodes: {
      nodes: footprint.machines
        .filter(({ role, gpu }) => role === "agent" && gpu === undefined)
        .map(({ cpus, memoryGib }) => ({ cpus, memoryGib })),
      setting: "footprint.machines",
      grow: "add a machine of the role agent without a gpu, or write the cpus and memoryGib of larger ones",
    },
    storageClass: { name: footprint.storageClass, encrypted: true },
    network: {
      objectStore: [footprint.objectStore.cidr],
      apiServer: [`${footprint.network.apiServer}/32`],
    },
    // Cilium announces addresses of the site's own range on the machines' network, and nowhere else.
    loadBalancer: { className: "io.cilium/l2-announcer", annotations: {} },
    certificates: plannedCertificates(environment),
    database: { kind: "cloudnative-pg" },
    auditSource: { kind: "api-server-log", location: "/var/lib/rancher/rke2/server/logs/audit.log" },
  };
}
