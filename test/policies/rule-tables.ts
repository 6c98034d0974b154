import type { Fixture } from "./world";

/** One way to break (or change) the compliant world: the fixture, a path in it, and the value put there. */
export interface Change {
  readonly of: string;
  /** Path in the properties; `options.protect` is the option; the empty path removes the fixture. */
  readonly path: string;
  /** Undefined removes the property. */
  readonly value?: unknown;
}

export interface RuleTable {
  /** The fixture the verdict is about. */
  readonly judged: string;
  /** Each breaks one thing, and only that makes the rule fail. The first is also tried on the real engine. */
  readonly violations: readonly (Change & { readonly judged?: string })[];
  /** Makes a value unknown that the rule needs. */
  readonly unknown: Change;
  /** Takes the fixture out of the rule's reach. Absent where the rule judges every resource of its kinds. */
  readonly beyond?: Change;
}

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const pod = "spec.template.spec";
const first = `${pod}.containers.0`;
const initial = `${pod}.initContainers.0`;
const nightly = "spec.jobTemplate.spec.template.spec";
const world = "0.0.0.0/0";
const sse = "vault-BucketServerSideEncryptionConfiguration";
const lock = "vault-BucketObjectLockConfiguration";
const access = "vault-BucketPublicAccessBlock";

export const ruleTables: Readonly<Record<string, RuleTable>> = {
  "ENC-01": {
    judged: "vault",
    violations: [
      { of: sse, path: "" },
      { of: sse, path: "rules", value: [] },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: "AES256" },
      { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId" },
    ],
    unknown: { of: sse, path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: UNKNOWN },
  },
  "ENC-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "encryptionConfig" },
      { of: "cluster", path: "encryptionConfig.resources", value: [] },
      { of: "cluster", path: "encryptionConfig.provider.keyArn" },
    ],
    unknown: { of: "cluster", path: "encryptionConfig.provider.keyArn", value: UNKNOWN },
  },
  "ENC-05": {
    judged: "key",
    violations: [
      { of: "key", path: "enableKeyRotation" },
      { of: "key", path: "deletionWindowInDays", value: 7 },
      { of: "key", path: "bypassPolicyLockoutSafetyCheck", value: true },
    ],
    unknown: { of: "key", path: "enableKeyRotation", value: UNKNOWN },
  },
  "IMM-01": {
    judged: "vault",
    violations: [
      { of: lock, path: "rule.defaultRetention.mode", value: "GOVERNANCE" },
      { of: lock, path: "" },
      { of: lock, path: "rule.defaultRetention.days" },
      { of: "vault", path: "objectLockEnabled", value: false },
    ],
    unknown: { of: lock, path: "rule.defaultRetention.days", value: UNKNOWN },
    beyond: { of: "vault", path: "tags", value: { "cloister.dev/data-class": "vectors" } },
  },
  "IMM-03": {
    judged: "vault",
    violations: [
      { of: "vault-BucketVersioning", path: "versioningConfiguration.status", value: "Suspended" },
      { of: "vault-BucketVersioning", path: "" },
    ],
    unknown: { of: "vault-BucketVersioning", path: "versioningConfiguration.status", value: UNKNOWN },
  },
  "IMM-05": {
    judged: "vault",
    violations: [
      { of: "vault", path: "options.protect", value: false },
      { of: "key", path: "options.protect", value: false, judged: "key" },
    ],
    unknown: { of: "vault", path: "tags", value: UNKNOWN },
    beyond: { of: "vault", path: "tags", value: { "cloister.dev/data-class": "vectors" } },
  },
  "NET-01": {
    judged: "serving",
    violations: [
      { of: "default-deny", path: "" },
      { of: "default-deny", path: "spec.policyTypes", value: ["Ingress"] },
      { of: "default-deny", path: "spec.podSelector", value: { matchLabels: { app: "vllm" } } },
      { of: "default-deny", path: "spec.egress", value: [{ to: [{ podSelector: {} }] }] },
      { of: "default-deny", path: "metadata.namespace", value: "audit" },
    ],
    unknown: { of: "default-deny", path: "metadata.namespace", value: UNKNOWN },
  },
  "NET-02": {
    judged: "from-gateway",
    violations: [
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: world },
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: "128.0.0.0/1" },
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: "::/0" },
      { of: "from-gateway", path: "spec.egress.0.to" },
      { of: "from-gateway", path: "spec.ingress.0.from", value: [] },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: {} },
      { of: "from-gateway", path: "spec.ingress.0.from.0.namespaceSelector", value: {} },
    ],
    unknown: { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: UNKNOWN },
  },
  "NET-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "vpcConfig.endpointPublicAccess", value: true },
      { of: "cluster", path: "vpcConfig.endpointPublicAccess" },
      { of: "cluster", path: "vpcConfig.endpointPrivateAccess", value: false },
    ],
    unknown: { of: "cluster", path: "vpcConfig.endpointPublicAccess", value: UNKNOWN },
  },
  "NET-05": {
    judged: "route",
    violations: [
      { of: "route", path: "destinationCidrBlock", value: world },
      { of: "route", path: "gatewayId", value: "igw-0123" },
      { of: "nat", path: "connectivityType", judged: "nat" },
      { of: "subnet", path: "mapPublicIpOnLaunch", value: true, judged: "subnet" },
      { of: "routes", path: "routes.0.cidrBlock", value: world, judged: "routes" },
    ],
    unknown: { of: "route", path: "destinationCidrBlock", value: UNKNOWN },
  },
  "NET-06": {
    judged: "group",
    violations: [
      { of: "group", path: "ingress.0.cidrBlocks.0", value: world },
      { of: "group", path: "ingress.0.ipv6CidrBlocks", value: ["::/0"] },
      { of: "group", path: "egress", value: [{ cidrBlocks: [world] }] },
      { of: "group-rule", path: "cidrIpv4", value: world, judged: "group-rule" },
      { of: "default-group", path: "ingress", value: [{ self: true }], judged: "default-group" },
    ],
    unknown: { of: "group", path: "ingress.0.cidrBlocks", value: UNKNOWN },
  },
  "NET-08": {
    judged: "vault",
    violations: [
      { of: access, path: "" },
      ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((path) => ({
        of: access,
        path,
        value: false,
      })),
    ],
    unknown: { of: access, path: "blockPublicAcls", value: UNKNOWN },
  },
  "NET-09": {
    judged: "door",
    violations: [
      { of: "door", path: "metadata.namespace", value: "serving" },
      { of: "door", path: "spec.loadBalancerClass" },
      { of: "door", path: "spec.loadBalancerClass", value: "public" },
      {
        of: "door",
        path: "metadata.annotations",
        value: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" },
      },
      { of: "door", path: "spec.externalIPs", value: ["203.0.113.1"] },
      { of: "door", path: "spec.type", value: "ExternalName" },
      { of: "ingress", path: "metadata.namespace", value: "models", judged: "ingress" },
      { of: "balancer", path: "internal", judged: "balancer" },
    ],
    unknown: { of: "door", path: "metadata.namespace", value: UNKNOWN },
  },
  "NET-10": {
    judged: "serving",
    violations: [
      { of: "serving", path: "metadata.labels", value: { "pod-security.kubernetes.io/enforce-version": "v1.36" } },
      {
        of: "serving",
        path: "metadata.labels",
        value: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "latest",
        },
      },
    ],
    unknown: { of: "serving", path: "metadata.labels", value: UNKNOWN },
  },
  "NET-11": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${initial}.securityContext.privileged`, value: true },
      { of: "vllm", path: `${first}.securityContext.privileged`, value: true },
      { of: "vllm", path: `${pod}.hostNetwork`, value: true },
      { of: "vllm", path: `${pod}.hostPID`, value: true },
      { of: "vllm", path: `${pod}.hostIPC`, value: true },
      { of: "vllm", path: `${pod}.volumes.0`, value: { name: "host", hostPath: { path: "/" } } },
      { of: "vllm", path: `${first}.ports.0.hostPort`, value: 80 },
      { of: "pod", path: "spec.hostNetwork", value: true, judged: "pod" },
      { of: "nightly", path: `${nightly}.hostNetwork`, value: true, judged: "nightly" },
    ],
    unknown: { of: "vllm", path: `${pod}.hostNetwork`, value: UNKNOWN },
  },
  "NET-12": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.securityContext.runAsNonRoot`, value: false },
      { of: "vllm", path: `${first}.securityContext.runAsUser`, value: 0 },
      { of: "vllm", path: `${first}.securityContext.allowPrivilegeEscalation` },
      { of: "vllm", path: `${first}.securityContext.capabilities.drop`, value: ["NET_RAW"] },
      { of: "vllm", path: `${first}.securityContext.capabilities.add`, value: ["SYS_ADMIN"] },
      { of: "vllm", path: `${first}.securityContext.seccompProfile` },
      { of: "vllm", path: `${initial}.securityContext.readOnlyRootFilesystem`, value: false },
    ],
    unknown: { of: "vllm", path: `${first}.securityContext`, value: UNKNOWN },
  },
  "NET-13": {
    judged: "gpu-template",
    violations: [
      { of: "gpu-template", path: "placement.tenancy", value: "default" },
      { of: "gpu-nodes", path: "taints", value: [] },
      { of: "gpu-nodes", path: "instanceTypes", value: ["g6.xlarge"], judged: "gpu-nodes" },
    ],
    unknown: { of: "gpu-template", path: "placement.tenancy", value: UNKNOWN },
    beyond: { of: "gpu-template", path: "instanceType", value: "m7i.large" },
  },
  "NET-14": {
    judged: "gpu-template",
    violations: [
      { of: "gpu-template", path: "metadataOptions.httpTokens", value: "optional" },
      { of: "gpu-template", path: "metadataOptions.httpPutResponseHopLimit", value: 2 },
      { of: "gpu-template", path: "metadataOptions" },
    ],
    unknown: { of: "gpu-template", path: "metadataOptions.httpTokens", value: UNKNOWN },
  },
  "IAM-06": {
    judged: "role",
    violations: [
      { of: "role", path: "rules.0.verbs", value: ["*"] },
      { of: "role", path: "rules.0.resources", value: ["*"] },
      { of: "role", path: "rules.0.apiGroups", value: ["*"] },
      { of: "role", path: "rules.0.nonResourceURLs", value: ["/api/*"] },
    ],
    unknown: { of: "role", path: "rules", value: UNKNOWN },
  },
  "IAM-07": {
    judged: "binding",
    violations: [
      { of: "binding", path: "roleRef.name", value: "cluster-admin" },
      { of: "binding", path: "subjects.0.name", value: "system:masters" },
      { of: "binding", path: "subjects.0.name", value: "system:anonymous" },
    ],
    unknown: { of: "binding", path: "roleRef.name", value: UNKNOWN },
  },
  "IAM-09": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${pod}.automountServiceAccountToken`, value: true },
      { of: "vllm", path: `${pod}.automountServiceAccountToken` },
      { of: "nightly", path: `${nightly}.automountServiceAccountToken`, judged: "nightly" },
    ],
    unknown: { of: "vllm", path: `${pod}.automountServiceAccountToken`, value: UNKNOWN },
  },
  "IAM-11": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "accessConfig.authenticationMode", value: "API_AND_CONFIG_MAP" },
      { of: "cluster", path: "accessConfig.bootstrapClusterCreatorAdminPermissions" },
      {
        of: "access",
        path: "policyArn",
        value: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        judged: "access",
      },
    ],
    unknown: { of: "cluster", path: "accessConfig", value: UNKNOWN },
  },
  "SUP-01": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.image`, value: "registry.example.internal/server:1.0" },
      { of: "vllm", path: `${initial}.image`, value: "registry.example.internal/prepare@sha256:short" },
      {
        of: "vllm",
        path: `${pod}.ephemeralContainers`,
        value: [{ name: "debug", image: "registry.example.internal/debug:1" }],
      },
    ],
    unknown: { of: "vllm", path: `${first}.image`, value: UNKNOWN },
  },
  "SUP-02": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.image`, value: `docker.io/server@sha256:${"ab".repeat(32)}` },
      { of: "vllm", path: `${initial}.image`, value: "registry.example.internal.evil.example/x" },
    ],
    unknown: { of: "vllm", path: `${first}.image`, value: UNKNOWN },
  },
  "SUP-04": {
    judged: "images",
    violations: [
      { of: "images", path: "imageTagMutability", value: "MUTABLE" },
      { of: "images", path: "imageTagMutability" },
      {
        of: "images",
        path: "imageTagMutabilityExclusionFilters",
        value: [{ filter: "dev-*", filterType: "WILDCARD" }],
      },
    ],
    unknown: { of: "images", path: "imageTagMutability", value: UNKNOWN },
  },
  "SUP-06": {
    judged: "chart",
    violations: [
      { of: "chart", path: "version", value: "1.x" },
      { of: "chart", path: "version", value: "^1.2.3" },
    ],
    unknown: { of: "chart", path: "version", value: UNKNOWN },
  },
  "RES-01": {
    judged: "key",
    violations: [
      { of: "key", path: "region", value: "us-east-1" },
      { of: "key", path: "provider.region", value: "us-east-1" },
    ],
    unknown: { of: "key", path: "region", value: UNKNOWN },
  },
  "AUD-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "enabledClusterLogTypes", value: ["api", "audit", "authenticator", "scheduler"] },
      { of: "cluster", path: "enabledClusterLogTypes" },
    ],
    unknown: { of: "cluster", path: "enabledClusterLogTypes", value: UNKNOWN },
  },
  "AVL-01": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: "spec.replicas", value: 1 },
      { of: "vllm", path: "spec.replicas" },
      { of: "vllm", path: `${pod}.topologySpreadConstraints` },
    ],
    unknown: { of: "vllm", path: "spec.replicas", value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
  "AVL-03": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.resources.limits.memory` },
      { of: "vllm", path: `${initial}.resources` },
      { of: "gpu-quota", path: "" },
    ],
    unknown: { of: "vllm", path: `${first}.resources`, value: UNKNOWN },
  },
  "AI-03": {
    judged: "from-gateway",
    violations: [
      {
        of: "from-gateway",
        path: "spec.ingress.0.from.0.namespaceSelector.matchLabels",
        value: { "cloister.dev/zone": "training" },
      },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: { podSelector: {} } },
      { of: "from-gateway", path: "spec.ingress.0.from" },
    ],
    unknown: { of: "from-gateway", path: "spec.ingress", value: UNKNOWN },
    beyond: { of: "from-gateway", path: "metadata.namespace", value: "audit" },
  },
  "AI-04": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: "spec.template.metadata.annotations", value: { "cloister.dev/model-digest": "latest" } },
      { of: "vllm", path: `${first}.env`, value: [] },
      { of: "vllm", path: `${initial}.env.0.value`, value: "0" },
      { of: "vllm", path: `${first}.args`, value: ["--trust-remote-code"] },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
};

/** Applies one change to a world, in place. */
export function change(world: Fixture[], { of, path, value }: Change): Fixture[] {
  if (path === "") return world.filter((fixture) => fixture.name !== of);
  const fixture = world.find((candidate) => candidate.name === of);
  if (!fixture) throw new Error(`no fixture ${of}`);
  if (path === "options.protect") {
    fixture.protect = value as boolean;
    return world;
  }
  const steps = path.split(".");
  const last = steps.pop()!;
  let holder = (steps[0] === "provider" ? fixture : fixture.props) as Record<string, unknown>;
  for (const step of steps) holder = (holder[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return world;
}
