import { beforeAll, describe, expect, it } from "vitest";
import { layFoundation } from "../../../components/foundation";
import { keyUses } from "../../../components/foundation/keys/keys-plan";
import type { SubstrateFacts } from "../../../components/substrate";
import { readEnvironment } from "../../../stacks/environment";
import { makeAuthorities } from "../authorities";
import { account, foundationComputed } from "../computed";
import { record, type Registered, type World } from "../recorded-world";

let world: World<SubstrateFacts>;

beforeAll(async () => {
  const authorities = await makeAuthorities(Date.now());
  const environment = readEnvironment("private-cloud");
  world = await record(foundationComputed, () => layFoundation(environment, authorities).substrate);
});

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: string;
    readonly Principal?: unknown;
    readonly Action: string | string[];
    readonly Resource?: string;
    readonly Condition?: Record<string, Record<string, unknown>>;
  }[];
}
const policyIn = (text: unknown) => JSON.parse(String(text)) as Policy;
const typed = (type: string): Registered[] => {
  const found = world.ofType(type);
  expect(found.length, `resources of type ${type}`).toBeGreaterThan(0);
  return found;
};

describe("the network", () => {
  it("asks for no gateway, address or route that leads outside", () => {
    const types = new Set(world.resources.map((resource) => resource.type));
    for (const type of types) expect(type).not.toMatch(/nternetGateway|natGateway|:Route$|:Eip$|peering|vpn|transit/i);
    for (const table of typed("aws:ec2/routeTable:RouteTable")) expect(table.inputs).not.toHaveProperty("routes");
    for (const subnet of typed("aws:ec2/subnet:Subnet")) expect(subnet.inputs.mapPublicIpOnLaunch).toBe(false);
    expect(world.inputs("foundation-network-vpc")).toMatchObject({
      instanceTenancy: "default",
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    expect(world.inputs("foundation-network-default-group")).toMatchObject({ ingress: [], egress: [] });
  });

  it("binds every endpoint to the account, and lets in HTTPS from the VPC alone", () => {
    const endpoints = typed("aws:ec2/vpcEndpoint:VpcEndpoint");
    expect(endpoints.map(({ inputs }) => inputs.vpcEndpointType).sort()).toEqual([
      "Gateway",
      ...Array<string>(14).fill("Interface"),
    ]);
    for (const { name, inputs } of endpoints) {
      const loose = policyIn(inputs.policy).Statement.filter(
        ({ Condition }) => Condition?.StringEquals?.["aws:PrincipalAccount"] !== account,
      );
      expect(
        loose.map((statement) => statement.Resource),
        name,
      ).toEqual(
        String(inputs.serviceName).endsWith(".s3") ? ["arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"] : [],
      );
    }
    expect(world.inputs("foundation-network-endpoints-https")).toMatchObject({
      cidrIpv4: "10.40.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("answers for S3 with private addresses inside the VPC, which network policies admit", () => {
    expect(world.inputs("foundation-network-endpoints-s3")).toMatchObject({
      privateDnsEnabled: true,
      dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false },
    });
  });

  it("fences every subnet by its tier, and passes nothing where nobody listed one", () => {
    const acls = typed("aws:ec2/networkAcl:NetworkAcl");
    expect(acls.flatMap(({ inputs }) => inputs.subnetIds)).toHaveLength(typed("aws:ec2/subnet:Subnet").length);
    expect(world.inputs("foundation-network-acls-default")).not.toHaveProperty("ingress");
    expect(world.inputs("foundation-network-endpoints-s3").subnetIds).toEqual(
      ["a", "b", "c"].map((zone) => `foundation-network-store-eu-central-1${zone}-id`),
    );
  });

  it("makes the role that starts nodes before the key that names it", () => {
    expect(world.inputs("foundation-keys-auto-scaling-role")).toEqual({
      awsServiceName: "autoscaling.amazonaws.com",
      description: "Starts the nodes of the cluster",
    });
  });

  it("records every flow, encrypted by our key, for as long as the audit record", () => {
    expect(world.inputs("foundation-network-flow-log")).toMatchObject({ trafficType: "ALL" });
    const groups = typed("aws:cloudwatch/logGroup:LogGroup");
    for (const { inputs, protect, retainOnDelete } of groups) {
      expect(inputs).toMatchObject({ retentionInDays: 2192 });
      expect(inputs.kmsKeyId).toBe(`arn:aws:kms:eu-central-1:${account}:key/foundation-keys-logs`);
      expect([protect, retainOnDelete]).toEqual([true, true]);
    }
  });
});

describe("the keys", () => {
  it("rotate, wait thirty days, and outlive their stack", () => {
    const keys = typed("aws:kms/key:Key");
    expect(keys).toHaveLength(keyUses.length);
    for (const { inputs, protect, retainOnDelete } of keys) {
      expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
      expect([protect, retainOnDelete]).toEqual([true, true]);
    }
  });

  it("are administered by those who cannot use them", () => {
    for (const { name, inputs } of typed("aws:kms/key:Key")) {
      const { Statement } = policyIn(inputs.policy);
      expect(JSON.stringify(Statement), name).not.toMatch(/"Principal":("\*"|\{"AWS":"\*"\})/);
      const ofRootOrAdministrators = Statement.filter(
        ({ Principal, Condition }) => /:root|platform-operators/.test(JSON.stringify(Principal)) && !Condition,
      );
      const actions = ofRootOrAdministrators.flatMap(({ Action }) => Action);
      expect(
        actions.filter((action) => /\*|crypt|GenerateDataKey|CreateGrant/.test(action)),
        name,
      ).toEqual([]);
    }
  });
});

describe("the store and the registry", () => {
  it("encrypt each bucket by the key of its class", () => {
    for (const { name, inputs } of typed(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    )) {
      const dataClass =
        name === "foundation-guardrails-record-bucket-encryption"
          ? "config"
          : name.replace(/^foundation-object-store-(.*)-encryption$/, "$1");
      expect(inputs.rules).toMatchObject([
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: `arn:aws:kms:eu-central-1:${account}:key/foundation-keys-${dataClass}`,
          },
        },
      ]);
    }
  });

  it("keeps what was pushed under a tag", () => {
    for (const { inputs } of typed("aws:ecr/repository:Repository")) {
      expect(inputs).toMatchObject({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: false,
      });
      expect(String(inputs.name)).toMatch(/^cloister-private-cloud\/[a-z0-9/.-]+$/);
    }
  });
});

describe("the cluster", () => {
  it("has a private door, enveloped secrets, a full record and no standing administrator", () => {
    expect(world.inputs("foundation-cluster-control-plane")).toMatchObject({
      vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
      encryptionConfig: { resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      deletionProtection: true,
      bootstrapSelfManagedAddons: false,
    });
    for (const { inputs } of typed("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")) {
      expect(inputs.policyArn).not.toContain("ClusterAdmin");
    }
  });

  it("runs on machines of our own that keep their credentials from pods", () => {
    for (const { inputs } of typed("aws:ec2/launchTemplate:LaunchTemplate")) {
      expect(inputs).toMatchObject({
        placement: { tenancy: "dedicated" },
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      });
      const mappings = inputs.blockDeviceMappings as { ebs: Record<string, unknown> }[];
      expect(mappings.map(({ ebs }) => [ebs.encrypted, ebs.kmsKeyId])).toEqual(
        Array(2).fill(["true", `arn:aws:kms:eu-central-1:${account}:key/foundation-keys-volumes`]),
      );
    }
    expect(world.inputs("foundation-cluster-nodes-gpu-l40s-eu-central-1a")).toMatchObject({
      amiType: "BOTTLEROCKET_x86_64_NVIDIA",
      instanceTypes: ["g6e.12xlarge"],
      labels: { "cloister.dev/pool": "l40s" },
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
    });
  });

  it("enforces network policies", () => {
    expect(world.inputs("foundation-cluster-early-vpc-cni").configurationValues).toBe('{"enableNetworkPolicy":"true"}');
  });

  it("gives a pod the buckets and the key of its grants, and nothing else", () => {
    const policy = policyIn(world.inputs("foundation-cluster-pods-audit-ledger-role-audit").policy);
    expect(policy.Statement).toEqual([
      {
        Sid: "Objects",
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
        Resource: "arn:aws:s3:::example-private-cloud-audit/*",
      },
      {
        Sid: "Key",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: `arn:aws:kms:eu-central-1:${account}:key/*`,
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/cloister-private-cloud-audit" } },
      },
    ]);
    const association = world.inputs("foundation-cluster-pods-audit-ledger");
    expect(association).toMatchObject({ namespace: "audit", serviceAccount: "ledger" });
    const trust = policyIn(world.inputs("foundation-cluster-pods-audit-ledger-role").assumeRolePolicy);
    expect(trust.Statement[0]?.Condition?.StringEquals).toMatchObject({
      "aws:RequestTag/kubernetes-namespace": "audit",
      "aws:RequestTag/kubernetes-service-account": "ledger",
    });
  });
});

it("binds the provider to the account and the region", () => {
  const inputs = world.inputs("foundation-account");
  expect(inputs.region).toBe("eu-central-1");
  // A provider takes anything but text as JSON.
  expect(JSON.parse(String(inputs.allowedAccountIds))).toEqual([account]);
});

it("puts what exists in place of the plan's marks", () => {
  const { result } = world;
  expect(result.keys.byDataClass.weights).toBe(`arn:aws:kms:eu-central-1:${account}:key/foundation-keys-weights`);
  expect(result.identityIssuer.url).toBe("https://oidc.example.internal/id/1");
  expect(JSON.stringify(result)).not.toContain("planned:");
});
