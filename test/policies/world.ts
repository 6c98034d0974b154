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
    readinessProbe: { httpGet: { path: "/health", port: 8000 } },
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

/** Tags of a store that says all it must. */
export const tagsOf = (dataClass: string) => ({
  "cloister.dev/data-class": dataClass,
  "cloister.dev/owner": "platform@example.com",
  "cloister.dev/purpose": "a test",
  "cloister.dev/retention": "a while",
  "cloister.dev/environment": "test",
});

/** A policy of one statement or more, as JSON. */
export const policyOf = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const everyone = { Effect: "Deny", Principal: "*", Resource: ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"] };
/** Statements of a bucket's policy, each for one thing it denies. */
export const denials = {
  plaintext: { ...everyone, Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
  oldTls: { ...everyone, Action: "s3:*", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  unlock: {
    ...everyone,
    Action: [
      "s3:BypassGovernanceRetention",
      "s3:PutBucketObjectLockConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:DeleteObjectVersion",
    ],
  },
};

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
/** Statements of a key's policy. */
export const keyStatements = {
  administration: { Effect: "Allow", Principal: { AWS: role("keys") }, Action: ["kms:PutKeyPolicy"], Resource: "*" },
  use: { Effect: "Allow", Principal: { AWS: role("door") }, Action: ["kms:Decrypt"], Resource: "*" },
};

const provider = { region: "eu-central-1" };

/** What configures one aspect of a bucket. */
function sibling(bucket: string, kind: string, props: unknown): Fixture {
  const token = `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
  return { type: token, name: `${bucket}-${kind}`, props, from: { bucket }, provider };
}

const siblingsOfAll = (bucket: string): Fixture[] => [
  sibling(bucket, "BucketServerSideEncryptionConfiguration", {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
  }),
  sibling(bucket, "BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
  sibling(bucket, "BucketPublicAccessBlock", {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
];

const bucket = (name: string, dataClass: string, locked: boolean): Fixture => ({
  type: "aws:s3/bucket:Bucket",
  name,
  protect: locked,
  props: { bucket: name, objectLockEnabled: locked, forceDestroy: false, tags: tagsOf(dataClass) },
  provider,
});

/** The locked bucket of the audit record. */
const bucketFamily = (name: string): Fixture[] => [
  bucket(name, "audit", true),
  ...siblingsOfAll(name),
  sibling(name, "BucketObjectLockConfiguration", { rule: { defaultRetention: { mode: "COMPLIANCE", days: 2190 } } }),
  sibling(name, "BucketPolicy", { policy: policyOf(denials.plaintext, denials.oldTls, denials.unlock) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [{ id: "data-class", noncurrentVersionExpiration: { noncurrentDays: 2190 } }],
  }),
];

const personalFamily = (name: string): Fixture[] => [
  bucket(name, "raw", false),
  ...siblingsOfAll(name),
  sibling(name, "BucketPolicy", { policy: policyOf(denials.plaintext, denials.oldTls) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [{ id: "data-class", expiration: { days: 30 }, noncurrentVersionExpiration: { noncurrentDays: 7 } }],
  }),
];

const weightsFamily = (name: string): Fixture[] => [
  bucket(name, "weights", true),
  ...siblingsOfAll(name),
  sibling(name, "BucketObjectLockConfiguration", { rule: { defaultRetention: { mode: "GOVERNANCE", days: 30 } } }),
  sibling(name, "BucketPolicy", { policy: policyOf(denials.plaintext, denials.oldTls, denials.unlock) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [{ id: "data-class", noncurrentVersionExpiration: { noncurrentDays: 365 } }],
  }),
];

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
    ...personalFamily("raw"),
    ...weightsFamily("weights"),
    {
      ...aws("aws:kms/key:Key", "key", {
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: policyOf(keyStatements.administration, keyStatements.use),
      }),
      protect: true,
    },
    aws("aws:cloudtrail/trail:Trail", "trail", {
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: true,
      kmsKeyId: key,
      s3BucketName: "vault",
      advancedEventSelectors: [
        {
          fieldSelectors: [
            { field: "eventCategory", equals: ["Data"] },
            { field: "resources.type", equals: ["AWS::S3::Object"] },
          ],
        },
      ],
    }),
    aws("aws:guardduty/detector:Detector", "detector", {
      enable: true,
      findingPublishingFrequency: "FIFTEEN_MINUTES",
    }),
    aws("aws:cloudwatch/eventRule:EventRule", "alarm", {
      eventPattern: JSON.stringify({ detail: { eventName: ["DisableKey", "ScheduleKeyDeletion"] } }),
    }),
    aws("aws:backup/plan:Plan", "backup-plan", {}),
    aws("aws:backup/selection:Selection", "backup-selection", {}),
    aws("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "backup-lock", {}),
    aws("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }),
    { ...aws("aws:ec2/flowLog:FlowLog", "flows", { trafficType: "ALL" }), from: { vpcId: "vpc" } },
    ...["s3", "ecr.api", "ecr.dkr", "sts", "kms", "logs"].map((service): Fixture => ({
      ...aws("aws:ec2/vpcEndpoint:VpcEndpoint", `endpoint-${service.replace(".", "-")}`, {
        serviceName: `com.amazonaws.eu-central-1.${service}`,
        policy: policyOf({
          Effect: "Allow",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
        }),
      }),
      from: { vpcId: "vpc" },
    })),
    aws("aws:cloudwatch/logGroup:LogGroup", "log-group", { kmsKeyId: key, retentionInDays: 2192 }),
    aws("aws:secretsmanager/secret:Secret", "secret", { kmsKeyId: key }),
    aws("aws:ebs/volume:Volume", "volume", { encrypted: true, kmsKeyId: key }),
    aws("aws:iam/rolePolicy:RolePolicy", "role-policy", {
      policy: policyOf({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::vault/*" }),
    }),
    aws("aws:iam/role:Role", "service-role", {
      assumeRolePolicy: policyOf({
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole"],
      }),
    }),
    aws("aws:iam/role:Role", "people-role", {
      assumeRolePolicy: policyOf({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "sts:AssumeRole",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      }),
    }),
    aws("aws:iam/role:Role", "token-role", {
      assumeRolePolicy: policyOf({
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/issuer.example" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "issuer.example:sub": "system:serviceaccount:a:b",
            "issuer.example:aud": "sts.amazonaws.com",
          },
        },
      }),
    }),
    aws("aws:eks/podIdentityAssociation:PodIdentityAssociation", "pod-identity", {
      namespace: "models",
      serviceAccount: "mlflow",
      roleArn: role("models-mlflow"),
    }),
    aws("aws:ecr/repositoryPolicy:RepositoryPolicy", "images-policy", {
      policy: policyOf({ Effect: "Allow", Principal: { AWS: role("nodes") }, Action: ["ecr:BatchGetImage"] }),
    }),
    kubernetes("policy/v1:PodDisruptionBudget", "budget", {
      metadata: { namespace: "serving" },
      spec: { maxUnavailable: 1 },
    }),
    aws("aws:eks/cluster:Cluster", "cluster", {
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: key } },
      version: "1.36",
      deletionProtection: true,
      upgradePolicy: { supportType: "STANDARD" },
      vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    }),
    {
      ...aws("aws:eks/addon:Addon", "cni", {
        addonName: "vpc-cni",
        addonVersion: "v1.2.3-eksbuild.1",
        configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      }),
      from: { clusterName: "cluster" },
    },
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
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: key } }],
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    }),
    {
      ...aws("aws:eks/nodeGroup:NodeGroup", "gpu-nodes", {
        taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
        releaseVersion: "1.2.3-abcdef01",
      }),
      from: { launchTemplate: "gpu-template" },
    },
    aws("aws:ecr/repository:Repository", "images", {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
    }),
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
