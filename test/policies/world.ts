/** One resource of a test's stack. */
export interface Fixture {
  type: string;
  name: string;
  // The tests break fixtures at any path.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  props: any;
  protect?: boolean;
  provider?: Record<string, unknown>;
  /** Properties that take the id of another fixture, by its name. */
  from?: Record<string, string>;
}

const digest = `sha256:${"ab".repeat(32)}`;
const key = "arn:aws:kms:eu-central-1:111122223333:key/audit";

const hardened = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
  readOnlyRootFilesystem: true,
};

function container(name: string, gpu = false) {
  return {
    name,
    image: `registry.example.internal/${name}@${digest}`,
    env: [{ name: "HF_HUB_OFFLINE", value: "1" }],
    args: ["--model", "/models/one"],
    ports: [{ containerPort: 8000 }],
    resources: { limits: { cpu: "1", memory: "1Gi", ...(gpu ? { "nvidia.com/gpu": "1" } : {}) } },
    securityContext: structuredClone(hardened),
  };
}

function podSpec(gpu = false) {
  return {
    automountServiceAccountToken: false,
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
    ],
    initContainers: [container("prepare")],
    containers: [container("server", gpu)],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
}

const annotations = { "cloister.dev/model-digest": digest };

function bucketFamily(name: string): Fixture[] {
  const from = { bucket: name };
  const aws = (kind: string, props: unknown): Fixture => {
    const token = `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
    return { type: token, name: `${name}-${kind}`, props, from: { ...from }, provider: { region: "eu-central-1" } };
  };
  return [
    {
      type: "aws:s3/bucket:Bucket",
      name,
      protect: true,
      props: { objectLockEnabled: true, tags: { "cloister.dev/data-class": "audit" } },
      provider: { region: "eu-central-1" },
    },
    aws("BucketServerSideEncryptionConfiguration", {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
    }),
    aws("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
    aws("BucketObjectLockConfiguration", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 2190 } } }),
    aws("BucketPublicAccessBlock", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
  ];
}

/** The settings the world is compliant under. */
export const settings = {
  registry: "registry.example.internal",
  allowedRegions: ["eu-central-1"],
  internalLoadBalancerClasses: ["example.internal/lb"],
};

/** A stack every rule finds nothing wrong with. A fresh copy each time: tests break one property of it. */
export function compliantWorld(): Fixture[] {
  const aws = (token: string, name: string, props: unknown): Fixture => ({
    type: token,
    name,
    props,
    provider: { region: "eu-central-1" },
  });
  const kubernetes = (token: string, name: string, props: unknown): Fixture => ({
    type: `kubernetes:${token}`,
    name,
    props,
    provider: {},
  });
  return [
    ...bucketFamily("vault"),
    { ...aws("aws:kms/key:Key", "key", { enableKeyRotation: true, deletionWindowInDays: 30 }), protect: true },
    aws("aws:eks/cluster:Cluster", "cluster", {
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: key } },
      vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    }),
    aws("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "access", {
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    }),
    aws("aws:ec2/subnet:Subnet", "subnet", { mapPublicIpOnLaunch: false }),
    aws("aws:ec2/route:Route", "route", { destinationCidrBlock: "10.0.0.0/8", transitGatewayId: "tgw-1" }),
    aws("aws:ec2/routeTable:RouteTable", "routes", {
      routes: [{ cidrBlock: "10.1.0.0/16", transitGatewayId: "tgw-1" }],
    }),
    aws("aws:ec2/natGateway:NatGateway", "nat", { connectivityType: "private" }),
    aws("aws:ec2/securityGroup:SecurityGroup", "group", {
      ingress: [{ cidrBlocks: ["10.0.0.0/16"], fromPort: 443, toPort: 443, protocol: "tcp" }],
    }),
    aws("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", {}),
    aws("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "group-rule", { cidrIpv4: "10.0.0.0/16" }),
    aws("aws:lb/loadBalancer:LoadBalancer", "balancer", { internal: true }),
    aws("aws:ec2/launchTemplate:LaunchTemplate", "gpu-template", {
      instanceType: "p5.48xlarge",
      placement: { tenancy: "dedicated" },
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    }),
    {
      ...aws("aws:eks/nodeGroup:NodeGroup", "gpu-nodes", {
        taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
      }),
      from: { launchTemplate: "gpu-template" },
    },
    aws("aws:ecr/repository:Repository", "images", { imageTagMutability: "IMMUTABLE" }),
    kubernetes("core/v1:Namespace", "serving", {
      metadata: {
        name: "serving",
        labels: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "v1.36",
        },
      },
    }),
    kubernetes("networking.k8s.io/v1:NetworkPolicy", "default-deny", {
      metadata: { name: "default-deny", namespace: "serving" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
    kubernetes("networking.k8s.io/v1:NetworkPolicy", "from-gateway", {
      metadata: { name: "from-gateway", namespace: "serving" },
      spec: {
        podSelector: { matchLabels: { app: "vllm" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } }],
            ports: [{ port: 8000 }],
          },
        ],
        egress: [{ to: [{ ipBlock: { cidr: "10.96.0.10/32" } }], ports: [{ port: 53, protocol: "UDP" }] }],
      },
    }),
    kubernetes("core/v1:ResourceQuota", "gpu-quota", {
      metadata: { namespace: "serving" },
      spec: { hard: { "requests.nvidia.com/gpu": "2" } },
    }),
    kubernetes("apps/v1:Deployment", "vllm", {
      metadata: { name: "vllm", namespace: "serving" },
      spec: { replicas: 2, template: { metadata: { annotations }, spec: podSpec(true) } },
    }),
    kubernetes("core/v1:Pod", "pod", {
      metadata: { name: "pod", namespace: "serving", annotations },
      spec: podSpec(),
    }),
    kubernetes("batch/v1:CronJob", "nightly", {
      metadata: { name: "nightly", namespace: "audit" },
      spec: { jobTemplate: { spec: { template: { spec: podSpec() } } } },
    }),
    kubernetes("core/v1:Service", "door", {
      metadata: { namespace: "gateway" },
      spec: { type: "LoadBalancer", loadBalancerClass: "example.internal/lb" },
    }),
    kubernetes("networking.k8s.io/v1:Ingress", "ingress", { metadata: { namespace: "gateway" }, spec: {} }),
    kubernetes("rbac.authorization.k8s.io/v1:Role", "role", {
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    kubernetes("rbac.authorization.k8s.io/v1:RoleBinding", "binding", {
      roleRef: { kind: "Role", name: "role" },
      subjects: [{ kind: "Group", name: "operators" }],
    }),
    kubernetes("helm.sh/v4:Chart", "chart", { version: "1.2.3" }),
  ];
}
