import { beforeAll, describe, expect, it } from "vitest";
import { layFoundation } from "../../../components/foundation";
import { readEnvironment } from "../../../stacks/environment";
import { makeAuthorities } from "../authorities";
import { account, foundationComputed } from "../computed";
import { record, type World } from "../recorded-world";

let world: World<Readonly<Record<string, unknown>> | undefined>;

beforeAll(async () => {
  const authorities = await makeAuthorities(Date.now());
  const environment = readEnvironment("private-cloud");
  world = await record(foundationComputed, () => layFoundation(environment, authorities).outputs);
});

const name = "foundation-guardrails";
const keyArn = (use: string) => `arn:aws:kms:eu-central-1:${account}:key/foundation-keys-${use}`;

describe("the trail", () => {
  it("covers all regions, is validated and encrypted, ends in the audit bucket, and is not removed by a slip", () => {
    expect(world.inputs(`${name}-trail-events`)).toMatchObject({
      s3BucketName: "example-private-cloud-audit",
      s3KeyPrefix: "cloudtrail",
      kmsKeyId: keyArn("audit"),
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
    });
    expect(world.ofType("aws:cloudtrail/trail:Trail").map(({ protect }) => protect)).toEqual([true]);
  });
});

describe("the configuration record", () => {
  it("is delivered into a bucket of its own, without a lock, by our key", () => {
    expect(world.inputs(`${name}-record-bucket`)).toMatchObject({
      bucket: "example-private-cloud-config",
      objectLockEnabled: false,
      forceDestroy: false,
    });
    expect(world.inputs(`${name}-record-channel`)).toMatchObject({ s3KmsKeyArn: keyArn("config") });
    expect(world.inputs(`${name}-record-recording`)).toMatchObject({ isEnabled: true });
    expect(world.inputs(`${name}-record-recorder`)).toMatchObject({
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    });
  });

  it("is copied under the audit lock, by the audit key, and a deletion is not copied", () => {
    expect(world.inputs(`${name}-record-copies`).rules).toMatchObject([
      {
        status: "Enabled",
        deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
          bucket: "arn:aws:s3:::example-private-cloud-audit",
          encryptionConfiguration: { replicaKmsKeyId: keyArn("audit") },
        },
      },
    ]);
  });
});

it("watches by GuardDuty the control plane, the store, logins and running programs, and lets it install nothing", () => {
  const features = world.ofType("aws:guardduty/detectorFeature:DetectorFeature").map(({ inputs }) => inputs);
  expect(features.map((feature) => feature.status)).toEqual(features.map(() => "ENABLED"));
  expect(features.map((feature) => feature.name)).toEqual(
    expect.arrayContaining(["EKS_AUDIT_LOGS", "S3_DATA_EVENTS", "RUNTIME_MONITORING"]),
  );
  const managed = features.flatMap(
    ({ additionalConfigurations = [] }) => additionalConfigurations as { status: string }[],
  );
  expect(managed.map(({ status }) => status)).toEqual(["DISABLED", "DISABLED", "DISABLED"]);
});

it("sends every alarm through one topic, encrypted, to the owner", () => {
  expect(world.inputs(`${name}-alarms-topic`)).toMatchObject({ kmsMasterKeyId: keyArn("alarms") });
  expect(world.inputs(`${name}-alarms-mail`)).toMatchObject({ protocol: "email", endpoint: "platform@example.com" });
  const targets = world.ofType("aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => inputs.arn);
  expect(targets).toHaveLength(world.ofType("aws:cloudwatch/eventRule:EventRule").length);
  expect(new Set(targets).size).toBe(1);
});

it("demands a second factor of people's roles", () => {
  expect(world.inputs(`${name}-posture-second-factor-platform-operators`)).toMatchObject({
    role: "platform-operators",
  });
  expect(JSON.parse(String(world.inputs(`${name}-posture-second-factor`).policy))).toMatchObject({
    Statement: [{ Effect: "Deny", Action: "*", Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }],
  });
});

it("locks the backups in a vault that outlives the stack", () => {
  const kept = [
    ...world.ofType("aws:backup/vault:Vault"),
    ...world.ofType("aws:backup/vaultLockConfiguration:VaultLockConfiguration"),
  ];
  expect(kept.map(({ protect, retainOnDelete }) => [protect, retainOnDelete])).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(world.inputs(`${name}-backups-vault`)).toMatchObject({ kmsKeyArn: keyArn("backups") });
});

it("hands the organisation its policies", () => {
  expect(Object.keys(world.result?.serviceControlPolicies as object)).toEqual(["regions", "guardrails"]);
});

describe("the registry", () => {
  it("lets nodes pull, the mirror push and nobody delete", () => {
    const { Statement } = JSON.parse(String(world.inputs("foundation-registry-envoy-policy").policy)) as {
      Statement: { Sid: string; Effect: string; Condition?: { ArnNotEquals: Record<string, string[]> } }[];
    };
    expect(Statement.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
      ["OnlyNodesPull", "Deny"],
      ["OnlyMirrorPushes", "Deny"],
      ["NobodyDeletes", "Deny"],
    ]);
    expect(Statement[1]?.Condition?.ArnNotEquals["aws:PrincipalArn"]).toEqual([
      `arn:aws:iam::${account}:role/cloister-private-cloud-mirror`,
    ]);
    expect(world.ofType("aws:ecr/repositoryPolicy:RepositoryPolicy")).toHaveLength(
      world.ofType("aws:ecr/repository:Repository").length,
    );
  });

  it("scans as long as an image is there", () => {
    expect(world.inputs("foundation-registry-scanning")).toMatchObject({
      scanType: "ENHANCED",
      rules: [{ scanFrequency: "CONTINUOUS_SCAN" }],
    });
  });
});

describe("the secrets", () => {
  it("never pass through the state: the rotation draws the first value too", () => {
    const types = world.resources.map(({ type }) => type);
    expect(types).not.toContain("aws:secretsmanager/secretVersion:SecretVersion");
    expect(world.inputs("foundation-secrets-pseudonym-key")).toMatchObject({ kmsKeyId: keyArn("secrets") });
    expect(world.inputs("foundation-secrets-pseudonym-key")).not.toHaveProperty("policy");
    expect(world.inputs("foundation-secrets-pseudonym-key-rotation")).toMatchObject({
      rotateImmediately: true,
      rotationRules: { automaticallyAfterDays: 90 },
    });
  });

  it("are drawn inside the VPC, from where only HTTPS to its endpoints leads", () => {
    expect(world.inputs("foundation-secrets-rotation")).toMatchObject({
      runtime: "nodejs22.x",
      vpcConfig: { securityGroupIds: ["foundation-secrets-group-id"] },
    });
    expect(world.inputs("foundation-secrets-https")).toMatchObject({
      cidrIpv4: "10.40.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("let nobody but the secret store of this account start the rotation", () => {
    expect(world.inputs("foundation-secrets-pseudonym-key-rotates")).toMatchObject({
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: account,
    });
  });
});

describe("every bucket of the account", () => {
  it("outlives its stack", () => {
    const kept = world.ofType("aws:s3/bucket:Bucket").map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
    expect(kept).toEqual(kept.map(() => [true, true]));
  });

  it("belongs to its owner and refuses what is encrypted otherwise", () => {
    const buckets = world.ofType("aws:s3/bucket:Bucket").map(({ inputs }) => inputs.bucket);
    const owned = world.ofType("aws:s3/bucketOwnershipControls:BucketOwnershipControls").map(({ inputs }) => inputs);
    expect(owned.map(({ bucket }) => bucket).sort()).toEqual(buckets.sort());
    expect(new Set(owned.map(({ rule }) => (rule as { objectOwnership: string }).objectOwnership))).toEqual(
      new Set(["BucketOwnerEnforced"]),
    );
    for (const { inputs } of world.ofType("aws:s3/bucketPolicy:BucketPolicy")) {
      for (const sid of ["DenyOtherEncryption", "DenyKeyOfAws", "DenyChosenKey", "DenyKeyOfCaller"]) {
        expect(inputs.policy, String(inputs.bucket)).toContain(`"${sid}"`);
      }
    }
  });
});
