import { accountWide } from "./account";
import { key, provider, type Fixture } from "./fixture";
import { keyStatements, podsOfCluster, policyOf, repositoryStatements, role } from "./policy-documents";

/** What the foundation lays in an account of the cloud: keys, trail, network, cluster, registry, and who may do what. */
export function cloudFixtures(): Fixture[] {
  const aws = (token: string, name: string, props: unknown): Fixture => ({
    type: token,
    name,
    props,
    provider,
  });
  return [
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
  ];
}
