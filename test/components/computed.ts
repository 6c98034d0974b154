import { createHash } from "node:crypto";
import type { Computed } from "./recorded-world";

/** The account of the example environment. */
export const account = "111122223333";
const regional = (service: string, kind: string) => (args: { name: string }) => ({
  arn: `arn:aws:${service}:eu-central-1:${account}:${kind}${args.name}`,
});
const nothing = () => ({});
const pem = (what: string, name: string) => `-----BEGIN ${what}-----\n${name}\n-----END ${what}-----\n`;

/** What the providers compute of the resources that foundations make, as far as another resource reads it. */
export const foundationComputed: Computed = {
  "pulumi:providers:aws": nothing,
  "aws:cloudwatch/logGroup:LogGroup": regional("logs", "log-group:"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": nothing,
  "aws:ec2/flowLog:FlowLog": nothing,
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:ec2/routeTable:RouteTable": nothing,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": nothing,
  "aws:ec2/securityGroup:SecurityGroup": nothing,
  "aws:ec2/subnet:Subnet": nothing,
  "aws:ec2/vpc:Vpc": nothing,
  "aws:ec2/vpcEndpoint:VpcEndpoint": nothing,
  "aws:ecr/repository:Repository": nothing,
  "aws:eks/accessEntry:AccessEntry": nothing,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": nothing,
  "aws:eks/addon:Addon": nothing,
  "aws:eks/cluster:Cluster": () => ({ identities: [{ oidcs: [{ issuer: "https://oidc.example.internal/id/1" }] }] }),
  "aws:eks/nodeGroup:NodeGroup": nothing,
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": nothing,
  "aws:iam/role:Role": (args) => ({
    arn: `arn:aws:iam::${account}:role/${String((args.inputs as { name?: string }).name)}`,
  }),
  "aws:iam/rolePolicy:RolePolicy": nothing,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": nothing,
  "aws:kms/alias:Alias": nothing,
  "aws:kms/key:Key": (args) => ({ ...regional("kms", "key/")(args), keyId: args.name }),
  "aws:s3/bucket:Bucket": nothing,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": nothing,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": nothing,
  "aws:s3/bucketPolicy:BucketPolicy": nothing,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": nothing,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": nothing,
  "aws:s3/bucketVersioning:BucketVersioning": nothing,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": nothing,
  "random:index/randomBytes:RandomBytes": ({ name }) => ({
    base64: createHash("sha256").update(name).digest("base64"),
  }),
  "random:index/randomPassword:RandomPassword": ({ name }) => ({ result: `random ${name}` }),
  "tls:index/certRequest:CertRequest": ({ name }) => ({ certRequestPem: pem("CERTIFICATE REQUEST", name) }),
  "tls:index/locallySignedCert:LocallySignedCert": ({ name }) => ({
    certPem: pem("CERTIFICATE", name),
    validityEndTime: "2027-02-22T00:00:00Z",
  }),
  "tls:index/privateKey:PrivateKey": ({ name }) => ({
    privateKeyPem: pem("EC PRIVATE KEY", name),
    privateKeyPemPkcs8: pem("PRIVATE KEY", name),
  }),
};
