import type { Properties } from "../../../../rehearsal/providers/provider";

export const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

/** Lays one resource. @returns its identifier, and its ARN, which is empty where it has none. */
export type Lay = (token: string, inputs: Properties, name?: string) => Promise<{ id: string; arn: string }>;

/** One or more of every kind that is sent to moto, in the order in which they need each other. */
export async function layWorld(lay: Lay): Promise<void> {
  const role = await lay("aws:iam/role:Role", { name: "r1", assumeRolePolicy: trust, description: "d" });
  await lay("aws:iam/rolePolicy:RolePolicy", { role: "r1", name: "p", policy });
  await lay("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
    role: "r1",
    policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
  });
  await lay("aws:iam/policy:Policy", { name: "pp", policy });
  await lay("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", { minimumPasswordLength: 14, requireSymbols: true });
  const key = await lay("aws:kms/key:Key", {
    description: "k",
    enableKeyRotation: true,
    policy: policy.replace('"Resource"', '"Principal":"*","Resource"'),
    tags: { a: "b" },
  });
  await lay("aws:kms/alias:Alias", { name: "alias/x", targetKeyId: key.id });
  const lg = await lay("aws:cloudwatch/logGroup:LogGroup", {
    name: "/cloister/x",
    retentionInDays: 365,
    kmsKeyId: key.arn,
  });
  const vpc = await lay("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { Name: "x" } });
  await lay("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: vpc.id, ingress: [], egress: [] });
  const sub = await lay("aws:ec2/subnet:Subnet", {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "eu-central-1a",
    mapPublicIpOnLaunch: false,
    tags: { Name: "y" },
  });
  const sub2 = await lay(
    "aws:ec2/subnet:Subnet",
    { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1b" },
    "b",
  );
  const rtb = await lay("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
  await lay("aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: sub.id, routeTableId: rtb.id });
  const sg = await lay("aws:ec2/securityGroup:SecurityGroup", { name: "sgx", vpcId: vpc.id, description: "dd" });
  await lay("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
    securityGroupId: sg.id,
    cidrIpv4: "10.0.0.0/16",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "x",
  });
  await lay("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
    securityGroupId: sg.id,
    referencedSecurityGroupId: sg.id,
    ipProtocol: "-1",
    description: "x",
  });
  await lay(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    { vpcId: vpc.id, serviceName: "com.amazonaws.eu-central-1.s3", routeTableIds: [rtb.id], policy },
    "g",
  );
  await lay(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.eu-central-1.sts",
      vpcEndpointType: "Interface",
      subnetIds: [sub.id, sub2.id],
      securityGroupIds: [sg.id],
      privateDnsEnabled: true,
      policy,
      dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false },
    },
    "i",
  );
  await lay("aws:ec2/flowLog:FlowLog", {
    vpcId: vpc.id,
    trafficType: "ALL",
    logDestinationType: "cloud-watch-logs",
    logDestination: lg.arn,
    iamRoleArn: role.arn,
    maxAggregationInterval: 60,
  });
  const lt = await lay("aws:ec2/launchTemplate:LaunchTemplate", {
    name: "ltx",
    instanceType: "p5.48xlarge",
    placement: { tenancy: "dedicated" },
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: key.arn, volumeSize: 100, volumeType: "gp3" } },
    ],
    vpcSecurityGroupIds: [sg.id],
    userData: "W3NldHRpbmdzXQ==",
    tagSpecifications: [{ resourceType: "instance", tags: { a: "b" } }],
  });
  await lay("aws:ec2/placementGroup:PlacementGroup", { name: "pgx", strategy: "cluster" });
  await lay("aws:eks/cluster:Cluster", {
    name: "c1",
    version: "1.36",
    roleArn: role.arn,
    vpcConfig: { subnetIds: [sub.id, sub2.id], endpointPrivateAccess: true, endpointPublicAccess: false },
    encryptionConfig: { resources: ["secrets"], provider: { keyArn: key.arn } },
    enabledClusterLogTypes: ["api", "audit"],
    accessConfig: { authenticationMode: "API" },
    bootstrapSelfManagedAddons: false,
    deletionProtection: true,
    upgradePolicy: { supportType: "STANDARD" },
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16" },
  });
  await lay("aws:eks/nodeGroup:NodeGroup", {
    clusterName: "c1",
    nodeGroupName: "n",
    nodeRoleArn: role.arn,
    subnetIds: [sub.id],
    amiType: "BOTTLEROCKET_x86_64",
    launchTemplate: { id: lt.id, version: "1" },
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    updateConfig: { maxUnavailable: 1 },
    labels: { a: "b" },
    taints: [{ key: "k", value: "v", effect: "NO_SCHEDULE" }],
    nodeRepairConfig: { enabled: true },
  });
  await lay("aws:eks/addon:Addon", { clusterName: "c1", addonName: "vpc-cni", addonVersion: "v1.2.3-eksbuild.1" });
  await lay("aws:ecr/repository:Repository", {
    name: "aa/bb",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
    forceDelete: false,
  });
  await lay("aws:ecr/repositoryPolicy:RepositoryPolicy", {
    repository: "aa/bb",
    policy: policy.replace(',"Resource":"*"', ',"Principal":"*"').replace("s3:GetObject", "ecr:BatchGetImage"),
  });
  await lay("aws:ecr/lifecyclePolicy:LifecyclePolicy", {
    repository: "aa/bb",
    policy: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
          action: { type: "expire" },
        },
      ],
    }),
  });
  await lay("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", {
    scanType: "ENHANCED",
    rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "x/*", filterType: "WILDCARD" }] }],
  });
  const s = await lay("aws:secretsmanager/secret:Secret", {
    name: "s1",
    kmsKeyId: key.arn,
    description: "q",
    tags: { q: "1" },
  });
  await lay("aws:secretsmanager/secretPolicy:SecretPolicy", {
    secretArn: s.arn,
    policy: policy.replace('"Resource"', '"Principal":"*","Resource"'),
  });
  const b = { bucket: "cloister-b1" };
  await lay("aws:s3/bucket:Bucket", { ...b, objectLockEnabled: true, tags: { a: "1" } });
  await lay("aws:s3/bucketVersioning:BucketVersioning", { ...b, versioningConfiguration: { status: "Enabled" } });
  await lay("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {
    ...b,
    rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } },
  });
  await lay("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    ...b,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  await lay("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
    ...b,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  await lay("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    ...b,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  await lay("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
    ...b,
    rules: [
      {
        id: "x",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 40 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ],
  });
  await lay("aws:s3/bucketPolicy:BucketPolicy", {
    ...b,
    policy: policy.replace('"Resource":"*"', '"Principal":"*","Resource":"arn:aws:s3:::cloister-b1/*"'),
  });
  await lay("aws:cloudtrail/trail:Trail", {
    name: "t11",
    s3BucketName: "cloister-b1",
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    kmsKeyId: key.arn,
    advancedEventSelectors: [{ name: "x", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] }],
  });
}
