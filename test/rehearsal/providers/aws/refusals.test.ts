import { describe, expect, it } from "vitest";
import { createAwsTable } from "../../../../rehearsal/providers/aws/table";
import type { Properties } from "../../../../rehearsal/providers/provider";
import { callContext, lines } from "../context";
import { examples } from "./examples";

const table = createAwsTable();
const configuration = { region: "eu-central-1" };

async function failures(token: string, inputs: Properties): Promise<string[]> {
  const result = await table.kind(token)?.check?.(inputs, callContext(token, { configuration }));
  return lines(result?.failures ?? []);
}

/** One property of a right example made wrong, and the beginning of what is said about it. */
const wrong: readonly [token: string, change: Properties, failure: string][] = [
  [
    "aws:ec2/vpc:Vpc",
    { cidrBlock: "10.0.0.0/8" },
    'cidrBlock: found "10.0.0.0/8": must be an IPv4 network from /16 to /28',
  ],
  ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.1/16" }, 'cidrBlock: found "10.0.0.1/16": must be an IPv4 network'],
  ["aws:ec2/vpc:Vpc", { instanceTenancy: "host" }, 'instanceTenancy: found "host": must be one of default, dedicated'],
  ["aws:ec2/subnet:Subnet", { vpcId: "vpc-x" }, 'vpcId: found "vpc-x": must be an identifier such as vpc-'],
  ["aws:ec2/subnet:Subnet", { availabilityZone: "eu-central-1" }, 'availabilityZone: found "eu-central-1": must be'],
  [
    "aws:ec2/routeTable:RouteTable",
    { routes: [{ cidrBlock: "0.0.0.0/0" }] },
    "routes[0]: found none: give exactly one of",
  ],
  [
    "aws:ec2/routeTable:RouteTable",
    { routes: [{ cidrBlock: "10.0.0.0/8", gatewayId: "a", natGatewayId: "b" }] },
    "routes[0].gatewayId: found gatewayId and natGatewayId: give exactly one of",
  ],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway" }, "subnetIds: an endpoint of type"],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", { policy: "{" }, 'policy: found "{": must be a policy document in JSON'],
  [
    "aws:ec2/flowLog:FlowLog",
    { maxAggregationInterval: 61 },
    "maxAggregationInterval: found 61: must be one of 60, 600",
  ],
  ["aws:ec2/flowLog:FlowLog", { logDestination: "logs" }, 'logDestination: found "logs": must be an ARN'],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    { ingress: [{ protocol: "tcp", fromPort: 2, toPort: 1 }] },
    "ingress[0].fromPort: found 2",
  ],
  [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { cidrIpv4: "10.0.0.0/8" },
    "cidrIpv4: found cidrIpv4 and",
  ],
  [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { ipProtocol: "-1" },
    "fromPort: every protocol means every port",
  ],
  [
    "aws:ec2/launchTemplate:LaunchTemplate",
    { metadataOptions: { httpTokens: "maybe" } },
    "metadataOptions.httpTokens: found",
  ],
  ["aws:ec2/launchTemplate:LaunchTemplate", { userData: "not base64!" }, "userData: found"],
  [
    "aws:ec2/launchTemplate:LaunchTemplate",
    { placement: { tenancy: "host", groupName: "gpu" } },
    "placement.groupName: tenancy host excludes placement groups",
  ],
  ["aws:ec2/placementGroup:PlacementGroup", { partitionCount: 2 }, "partitionCount: only the strategy partition"],
  [
    "aws:kms/key:Key",
    { deletionWindowInDays: 3 },
    "deletionWindowInDays: found 3: must be a whole number from 7 to 30 days",
  ],
  ["aws:kms/key:Key", { enableKeyRotation: false }, "enableKeyRotation: found false: must be true"],
  ["aws:kms/key:Key", { policy: '{"Statement":[{"Effect":"Maybe"}]}' }, "policy: found"],
  ["aws:iam/role:Role", { maxSessionDuration: 60 }, "maxSessionDuration: found 60: must be"],
  [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { policyArn: "Admin" },
    'policyArn: found "Admin": must be an ARN of iam',
  ],
  [
    "aws:eks/cluster:Cluster",
    { encryptionConfig: { provider: { keyArn: "k" }, resources: ["secrets"] } },
    "encryptionConfig.provider.keyArn: found",
  ],
  ["aws:eks/cluster:Cluster", { version: "1.35.4" }, 'version: found "1.35.4": must be a Kubernetes minor version'],
  [
    "aws:eks/cluster:Cluster",
    { vpcConfig: { subnetIds: ["subnet-0123456789abcdef0"], endpointPrivateAccess: true } },
    "vpcConfig.subnetIds: found 1: must be at least two subnets",
  ],
  [
    "aws:eks/nodeGroup:NodeGroup",
    { scalingConfig: { minSize: 2, desiredSize: 1, maxSize: 3 } },
    "scalingConfig.desiredSize: found 2, 1, 3: must be minSize",
  ],
  ["aws:eks/nodeGroup:NodeGroup", { diskSize: 100 }, "diskSize: belongs into the launch template"],
  ["aws:eks/accessEntry:AccessEntry", { kubernetesGroups: ["system:masters"] }, "kubernetesGroups[0]: found"],
  [
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    { accessScope: { type: "namespace" } },
    "accessScope.namespaces: found nothing",
  ],
  ["aws:ecr/repository:Repository", { imageTagMutability: "FIXED" }, "imageTagMutability: found"],
  ["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", { scanType: "BASIC" }, "scanType: found"],
  ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 100 }, "retentionInDays: found 100: must be one of 0, 1, 3"],
  [
    "aws:secretsmanager/secret:Secret",
    { recoveryWindowInDays: 3 },
    "recoveryWindowInDays: found 3: must be one of 0, or",
  ],
  [
    "aws:s3/bucket:Bucket",
    { versioning: { enabled: true } },
    "versioning: deprecated on the bucket; use a resource BucketVersioning",
  ],
  [
    "aws:s3/bucketVersioning:BucketVersioning",
    { versioningConfiguration: { status: "On" } },
    "versioningConfiguration.status: found",
  ],
  [
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    { rule: { defaultRetention: { mode: "COMPLIANCE", days: 1, years: 1 } } },
    "rule.defaultRetention.days: found days and years: give exactly one",
  ],
];

describe("wrong inputs of AWS kinds", () => {
  it.each(wrong)("%s refuses %o", async (token, change, failure) => {
    const found = await failures(token, { ...examples[token], ...change });
    expect(found.map((line) => line.slice(0, failure.length))).toContain(failure);
  });

  it("are all listed at once", async () => {
    const found = await failures("aws:ec2/subnet:Subnet", {
      cidrBlock: "10.0.0.0/99",
      avilabilityZone: "a",
      tags: { a: 1 },
    });
    expect(found.map((line) => line.split(";")[0])).toEqual([
      "vpcId: found nothing: this property is required",
      "avilabilityZone: unknown property",
      "tags.a: found 1: must be a string",
      expect.stringMatching(/^cidrBlock: found "10\.0\.0\.0\/99"/),
    ]);
  });

  it("are left to the values, where a policy is given as an object", async () => {
    const token = "aws:iam/role:Role";
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole" }] };
    const result = await table.kind(token)?.check?.({ name: "a", assumeRolePolicy: document }, callContext(token));
    expect(result?.failures).toEqual([]);
    expect(result?.inputs.assumeRolePolicy).toBe(JSON.stringify(document));
  });
});

describe("provider settings", () => {
  it("are opened from the engine's JSON and checked all at once", () => {
    const settings = {
      region: "Frankfurt",
      skipCredentialsValidation: "true",
      endpoints: '[{"s3":"https://s3.site.example"},{"s4":"x"}]',
      regoin: "eu-central-1",
      version: "7.48.0",
    };
    expect(lines(table.checkConfiguration?.(settings) ?? []).map((line) => line.split(";")[0])).toEqual([
      "endpoints[1].s4: unknown property",
      "regoin: unknown property",
      'region: found "Frankfurt": must be a region such as eu-central-1',
    ]);
    expect(table.checkConfiguration?.({ region: "eu-central-1", skipMetadataApiCheck: "true" })).toEqual([]);
    expect(lines(table.checkConfiguration?.({}) ?? [])).toEqual([expect.stringMatching(/^region: found nothing: /)]);
  });
});

describe("look-ups", () => {
  const call = (name: string, args: Properties = {}) =>
    table.invokes?.[name]?.(args, { configuration, signal: new AbortController().signal });

  it("answer what needs no account, and name what is computed", async () => {
    expect(await call("aws:index/getCallerIdentity:getCallerIdentity")).toEqual({
      accountId: "000000000000",
      arn: "arn:aws:iam::000000000000:user/computed-in-rehearsal",
      id: "000000000000",
      userId: "computed-in-rehearsal",
    });
    expect(await call("aws:index/getRegion:getRegion")).toMatchObject({ region: "eu-central-1", name: "eu-central-1" });
    expect(await call("aws:index/getPartition:getPartition")).toEqual({
      dnsSuffix: "amazonaws.com",
      id: "aws",
      partition: "aws",
      reverseDnsPrefix: "com.amazonaws",
    });
    const zones = await call("aws:index/getAvailabilityZones:getAvailabilityZones", {
      excludeNames: ["eu-central-1b"],
    });
    expect(zones?.names).toEqual(["eu-central-1a", "eu-central-1c"]);
  });

  it("refuse to invent a parameter", async () => {
    await expect(call("aws:ssm/getParameter:getParameter", { name: "/aws/service/bottlerocket/x" })).rejects.toThrow(
      /the parameter "\/aws\/service\/bottlerocket\/x" cannot be read: .* pin its value in the environment/,
    );
  });
});
