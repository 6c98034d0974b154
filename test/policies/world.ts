import { apiServerFixtures } from "./api-server";
import { bucketFamily, personalFamily, weightsFamily } from "./buckets";
import { key, provider, type Fixture } from "./fixture";
import { agents } from "./agents";
import { imageAdmission } from "./admission";
import { leakGateKey } from "./leak-gate";
import { accountWide } from "./account";
import { annotations, digest, labels, podSpec } from "./pods";
import { recordedDoor } from "./recorded-door";
import { training } from "./training";
import { vectorStore } from "./vector-store";
import { keyStatements, podsOfCluster, policyOf, repositoryStatements, role } from "./policy-documents";
import { elsewhereFixtures, rightsFixtures } from "./rights";
import { transportFixtures } from "./transport";

export type { Fixture } from "./fixture";

/** The settings the world is compliant under. */
export const settings = {
  registry: "registry.example.internal",
  allowedRegions: ["eu-central-1"],
  internalLoadBalancerClasses: ["example.internal/lb"],
  lockedImages: ["server", "prepare", "charts/one"].map((name) => `${name}@${digest}`),
  modelCallers: [{ zone: "gateway", app: "envoy" }],
  auditBucket: "vault",
  objectStoreRanges: ["10.0.9.0/28"],
  encryptedStorageClasses: ["encrypted"],
  leakGateKey,
};

/** A stack every rule finds nothing wrong with. A fresh copy each time: tests break one property of it. */
export function compliantWorld(): Fixture[] {
  const aws = (token: string, name: string, props: unknown): Fixture => ({
    type: token,
    name,
    props,
    provider,
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
    ...apiServerFixtures(),
    ...transportFixtures(),
    ...rightsFixtures(),
    ...elsewhereFixtures(),
    {
      ...aws("aws:kms/key:Key", "key", {
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: policyOf(keyStatements.administration, keyStatements.use),
      }),
      protect: true,
    },
    {
      ...aws("aws:cloudtrail/trail:Trail", "trail", {
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
              { field: "resources.ARN", notStartsWiths: ["arn:aws:s3:::vault/"] },
            ],
          },
          { fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
          {
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: ["AWS::S3::Object"] },
              { field: "resources.ARN", startsWiths: ["arn:aws:s3:::vault/"] },
              { field: "eventName", notEquals: ["PutObject"] },
            ],
          },
        ],
      }),
      protect: true,
    },
    aws("aws:guardduty/detector:Detector", "detector", {
      enable: true,
      findingPublishingFrequency: "FIFTEEN_MINUTES",
    }),
    aws("aws:cloudwatch/eventRule:EventRule", "alarm", {
      eventPattern: JSON.stringify({
        source: ["aws.kms"],
        detail: { eventName: ["DisableKey", "ScheduleKeyDeletion", "DisableKeyRotation", { prefix: "PutKey" }] },
      }),
    }),
    aws("aws:backup/plan:Plan", "backup-plan", {
      rules: [{ schedule: "cron(0 3 * * ? *)", lifecycle: { deleteAfter: 30 } }],
    }),
    aws("aws:backup/selection:Selection", "backup-selection", {}),
    {
      ...aws("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "backup-lock", {
        minRetentionDays: 14,
        maxRetentionDays: 30,
        changeableForDays: 3,
      }),
      protect: true,
    },
    aws("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }),
    {
      ...aws("aws:ec2/flowLog:FlowLog", "flows", {
        trafficType: "ALL",
        logDestination: "arn:aws:logs:eu-central-1:111122223333:log-group:/test/flows",
      }),
      from: { vpcId: "vpc" },
    },
    ...["s3", "ecr.api", "ecr.dkr", "sts", "kms", "logs"].map((service): Fixture => ({
      ...aws("aws:ec2/vpcEndpoint:VpcEndpoint", `endpoint-${service.replace(".", "-")}`, {
        serviceName: `com.amazonaws.eu-central-1.${service}`,
        policy: policyOf({
          Effect: "Allow",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: {
            StringEquals: { "aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333" },
          },
        }),
      }),
      from: { vpcId: "vpc" },
    })),
    {
      ...aws("aws:cloudwatch/logGroup:LogGroup", "log-group", { kmsKeyId: key, retentionInDays: 2192 }),
      protect: true,
    },
    {
      ...aws("aws:secretsmanager/secret:Secret", "secret", { kmsKeyId: key, recoveryWindowInDays: 30 }),
      protect: true,
    },
    aws("aws:secretsmanager/secretRotation:SecretRotation", "rotation", {
      rotationLambdaArn: "arn:aws:lambda:eu-central-1:111122223333:function:rotation",
      rotationRules: { automaticallyAfterDays: 90 },
    }),
    aws("aws:ebs/volume:Volume", "volume", { encrypted: true, kmsKeyId: key }),
    aws("aws:iam/rolePolicy:RolePolicy", "role-policy", {
      policy: policyOf({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::vault/*" }),
    }),
    aws("aws:iam/role:Role", "service-role", {
      assumeRolePolicy: policyOf({
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: podsOfCluster,
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
      repository: "images",
      policy: policyOf(...Object.values(repositoryStatements)),
    }),
    kubernetes("policy/v1:PodDisruptionBudget", "budget", {
      metadata: { namespace: "serving" },
      spec: { maxUnavailable: 1 },
    }),
    {
      ...aws("aws:eks/cluster:Cluster", "cluster", {
        encryptionConfig: { resources: ["secrets"], provider: { keyArn: key } },
        version: "1.36",
        deletionProtection: true,
        upgradePolicy: { supportType: "STANDARD" },
        vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      }),
      protect: true,
    },
    {
      ...aws("aws:eks/addon:Addon", "cni", {
        addonName: "vpc-cni",
        addonVersion: "v1.2.3-eksbuild.1",
        configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
      }),
      from: { clusterName: "cluster" },
    },
    aws("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "access", {
      principalArn: role("operators"),
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
    aws("aws:ec2/networkAcl:NetworkAcl", "access-list", {
      ingress: [
        { action: "allow", cidrBlock: "10.0.0.0/16", protocol: "tcp", fromPort: 443, toPort: 443, ruleNo: 100 },
      ],
      egress: [
        { action: "allow", cidrBlock: "10.0.0.0/16", protocol: "tcp", fromPort: 1024, toPort: 65535, ruleNo: 100 },
      ],
    }),
    ...accountWide(),
    aws("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "group-rule", {
      cidrIpv4: "10.0.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    }),
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
          "cloister.dev/zone": "serving",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "v1.36",
        },
      },
    }),
    { type: "random:index/randomPassword:RandomPassword", name: "disk-password", props: { length: 64 }, protect: true },
    kubernetes("storage.k8s.io/v1:StorageClass", "storage-class", {
      provisioner: "ebs.csi.aws.com",
      parameters: { encrypted: "true", kmsKeyId: key },
      reclaimPolicy: "Retain",
    }),
    kubernetes("core/v1:ServiceAccount", "vllm-account", {
      metadata: { name: "vllm", namespace: "serving" },
      automountServiceAccountToken: false,
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
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "envoy" } },
              },
            ],
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
      spec: { replicas: 2, template: { metadata: { annotations, labels }, spec: podSpec(true) } },
    }),
    kubernetes("core/v1:Pod", "pod", {
      metadata: { name: "pod", namespace: "serving", annotations, labels },
      spec: podSpec(),
    }),
    kubernetes("batch/v1:CronJob", "nightly", {
      metadata: { name: "nightly", namespace: "audit" },
      spec: { jobTemplate: { spec: { template: { spec: podSpec() } } } },
    }),
    kubernetes("core/v1:Service", "door", {
      metadata: { namespace: "gateway" },
      spec: {
        type: "LoadBalancer",
        loadBalancerClass: "example.internal/lb",
        allocateLoadBalancerNodePorts: false,
        loadBalancerSourceRanges: ["10.30.8.0/24"],
        ports: [{ port: 443 }],
      },
    }),
    kubernetes("networking.k8s.io/v1:Ingress", "ingress", { metadata: { namespace: "gateway" }, spec: {} }),
    kubernetes("rbac.authorization.k8s.io/v1:Role", "role", {
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    }),
    kubernetes("rbac.authorization.k8s.io/v1:RoleBinding", "binding", {
      roleRef: { kind: "Role", name: "role" },
      subjects: [{ kind: "Group", name: "operators" }],
    }),
    kubernetes("helm.sh/v4:Chart", "chart", {
      chart: `oci://registry.example.internal/charts/one@${digest}`,
      version: "1.2.3",
    }),
    ...imageAdmission(),
    ...recordedDoor(),
    ...training(),
    ...vectorStore(),
    ...agents(),
  ];
}
