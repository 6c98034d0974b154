import type { Properties } from "../../../../rehearsal/providers/provider";
import { cloudExamples } from "./examples-cloud";
import { guardrailExamples } from "./examples-guardrails";

const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const role = "arn:aws:iam::000000000000:role/example";
const key = "arn:aws:kms:eu-central-1:000000000000:key/00000000-0000-0000-0000-000000000000";
const vpcId = "vpc-0123456789abcdef0";
const securityGroupId = "sg-0123456789abcdef0";
const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];

/** Inputs of every kind that are right, and close to what the kit declares. */
export const examples: Readonly<Record<string, Properties>> = {
  ...guardrailExamples,
  ...cloudExamples,
  "aws:cloudwatch/logGroup:LogGroup": { name: "/cloister/flows", retentionInDays: 365, kmsKeyId: key },
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": { defaultNetworkAclId: "acl-0123456789abcdef0" },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { vpcId },
  "aws:ec2/flowLog:FlowLog": {
    vpcId,
    trafficType: "ALL",
    logDestination: "arn:aws:logs:eu-central-1:000000000000:log-group:flows",
    iamRoleArn: role,
    maxAggregationInterval: 60,
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: "gpu",
    instanceType: "p5.48xlarge",
    placement: { tenancy: "dedicated" },
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: key, volumeSize: 100, volumeType: "gp3" } },
    ],
    vpcSecurityGroupIds: [securityGroupId],
    userData: "W3NldHRpbmdzXQ==",
  },
  "aws:ec2/placementGroup:PlacementGroup": { name: "gpu", strategy: "cluster" },
  "aws:ec2/routeTable:RouteTable": { vpcId, routes: [{ cidrBlock: "10.1.0.0/16", transitGatewayId: "tgw-1" }] },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    routeTableId: "rtb-0123456789abcdef0",
    subnetId: subnetIds[0] as string,
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    name: "endpoints",
    vpcId,
    ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }],
    egress: [],
  },
  "aws:ec2/subnet:Subnet": { vpcId, cidrBlock: "10.0.0.0/20", availabilityZone: "eu-central-1a" },
  "aws:ec2/vpc:Vpc": { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    vpcId,
    serviceName: "com.amazonaws.eu-central-1.ecr.api",
    vpcEndpointType: "Interface",
    subnetIds,
    securityGroupIds: [securityGroupId],
    privateDnsEnabled: true,
    policy,
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { repository: "serving/vllm", policy: '{"rules":[]}' },
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
    scanType: "ENHANCED",
    rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
  },
  "aws:ecr/repository:Repository": {
    name: "serving/vllm",
    imageTagMutability: "IMMUTABLE",
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key }],
    imageScanningConfiguration: { scanOnPush: true },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { repository: "serving/vllm", policy },
  "aws:eks/accessEntry:AccessEntry": { clusterName: "cloister", principalArn: role, kubernetesGroups: ["operators"] },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    clusterName: "cloister",
    principalArn: role,
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    accessScope: { type: "namespace", namespaces: ["serving"] },
  },
  "aws:eks/addon:Addon": { clusterName: "cloister", addonName: "vpc-cni", configurationValues: "{}" },
  "aws:eks/cluster:Cluster": {
    name: "cloister",
    roleArn: role,
    version: "1.35",
    vpcConfig: { subnetIds, endpointPrivateAccess: true, endpointPublicAccess: false },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    encryptionConfig: { provider: { keyArn: key }, resources: ["secrets"] },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    clusterName: "cloister",
    nodeGroupName: "gpu",
    nodeRoleArn: role,
    subnetIds,
    scalingConfig: { minSize: 0, desiredSize: 1, maxSize: 2 },
    launchTemplate: { id: "lt-0123456789abcdef0", version: "1" },
    taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
    updateConfig: { maxUnavailable: 1 },
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    clusterName: "cloister",
    namespace: "audit",
    serviceAccount: "ledger",
    roleArn: role,
  },
  "aws:iam/policy:Policy": { name: "read-weights", policy },
  "aws:iam/role:Role": {
    name: "ledger",
    assumeRolePolicy:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}',
  },
  "aws:iam/rolePolicy:RolePolicy": { name: "write-audit", role: "ledger", policy },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    role: "nodes",
    policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
  },
  "aws:kms/alias:Alias": { name: "alias/audit", targetKeyId: "00000000-0000-0000-0000-000000000000" },
  "aws:kms/key:Key": { enableKeyRotation: true, rotationPeriodInDays: 365, deletionWindowInDays: 30, policy },
  "aws:kms/keyPolicy:KeyPolicy": { keyId: "00000000-0000-0000-0000-000000000000", policy },
  "aws:s3/bucket:Bucket": { bucket: "audit-1", objectLockEnabled: true },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    bucket: "audit-1",
    rules: [{ id: "expire", status: "Enabled", filter: { prefix: "" }, expiration: { days: 30 } }],
  },
  "aws:s3/bucketLogging:BucketLogging": { bucket: "audit-1", targetBucket: "audit-2", targetPrefix: "log/" },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    bucket: "audit-1",
    rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } },
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    bucket: "audit-1",
    rule: { objectOwnership: "BucketOwnerEnforced" },
  },
  "aws:s3/bucketPolicy:BucketPolicy": { bucket: "audit-1", policy },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { bucket: "audit-1", blockPublicAcls: true },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    bucket: "audit-1",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
  },
  "aws:s3/bucketVersioning:BucketVersioning": { bucket: "audit-1", versioningConfiguration: { status: "Enabled" } },
  "aws:secretsmanager/secret:Secret": { name: "cloister/database", kmsKeyId: key, recoveryWindowInDays: 7 },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    securityGroupId,
    ipProtocol: "-1",
    cidrIpv4: "10.0.0.0/16",
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    securityGroupId,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    referencedSecurityGroupId: securityGroupId,
  },
};
