import type { EvidenceResource } from "../../../policies/evidence/evidence";

export const FOUNDATION = "example-foundation";
export const PLATFORM = "example-platform";

const dataClasses = [
  "raw",
  "sanitised",
  "transcripts",
  "vectors",
  "weights",
  "audit",
  "quarantine",
  "backups",
  "state",
];
const zones = ["gateway", "serving", "models", "audit", "observability"];

/** A URN as the kit makes one: the components it lies in, then its own type and name. */
export function urnOf(stack: string, components: readonly string[], type: string, name: string): string {
  const parents = components.map((component) => `cloister:index:${component}$`).join("");
  return `urn:pulumi:${stack}::cloister::${parents}${type}::${name}`;
}

const ground = (components: readonly string[], type: string, name: string): EvidenceResource => ({
  urn: urnOf(FOUNDATION, ["PrivateCloud", ...components], type, `foundation-${name}`),
  type,
});

const inZone = (zone: string, components: readonly string[], type: string, name: string): EvidenceResource => ({
  urn: urnOf(PLATFORM, ["Platform", "Zone", ...components], type, `platform-${zone}-${name}`),
  type,
  zone,
});

/** The resources of a private cloud in small: kinds, names and components as the kit makes them. */
export function exampleResources(): EvidenceResource[] {
  return [
    ground(["Cluster"], "aws:eks/cluster:Cluster", "cluster-control-plane"),
    ground(["Network"], "aws:ec2/vpc:Vpc", "network-vpc"),
    ground(["Network"], "aws:ec2/subnet:Subnet", "network-nodes-a"),
    ground(["Network"], "aws:ec2/securityGroup:SecurityGroup", "network-endpoints"),
    ground(["Guardrails"], "aws:cloudtrail/trail:Trail", "guardrails-trail"),
    ground(["Guardrails"], "aws:cloudwatch/logGroup:LogGroup", "guardrails-trail-log"),
    ground(["Guardrails"], "aws:cloudformation/stack:Stack", "guardrails-legacy"),
    ground(["Network"], "aws:cloudwatch/logGroup:LogGroup", "network-flow-log"),
    ground(["Registry"], "aws:ecr/repository:Repository", "registry-vllm"),
    ground(["Pki"], "tls:index/privateKey:PrivateKey", "pki-door-key"),
    ...dataClasses.flatMap((name) => [
      ground(["Keys"], "aws:kms/key:Key", `keys-${name}`),
      ground(["ObjectStore"], "aws:s3/bucket:Bucket", `object-store-${name}`),
    ]),
    ...zones.flatMap((zone) => [
      inZone(zone, [], "kubernetes:core/v1:Namespace", "namespace"),
      inZone(zone, [], "kubernetes:networking.k8s.io/v1:NetworkPolicy", "default-deny"),
    ]),
    inZone("gateway", ["Gateway", "Workload"], "kubernetes:apps/v1:Deployment", "door-envoy-deployment"),
    inZone("gateway", ["Gateway"], "kubernetes:core/v1:Service", "door"),
    inZone("serving", ["Serving", "Workload"], "kubernetes:apps/v1:Deployment", "servers-qwen3-8b-deployment"),
    inZone("models", ["Models", "Workload"], "kubernetes:apps/v1:StatefulSet", "registry-mlflow-set"),
    inZone("observability", ["Workload"], "kubernetes:helm.sh/v3:Release", "dashboards"),
  ];
}
