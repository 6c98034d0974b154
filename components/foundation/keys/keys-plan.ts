import { dataClassNames, type DataClassName } from "../../data-classes";
import { planGrants } from "../grants";
import { grantRoleName, roleNames } from "../private-cloud/role-names";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { policyDocument, type Statement } from "../private-cloud/policy-document";

/**
 * What the ground itself encrypts, beside the data classes: alarms on their way, Kubernetes secrets, the record of the
 * account's configuration, logs, images, entries of the secret store, volumes of nodes and pods. A new use is a name here
 * and a function in `groundUsage`.
 */
export const groundUses = ["alarms", "cluster", "config", "logs", "registry", "secrets", "volumes"] as const;
type GroundUse = (typeof groundUses)[number];
export type KeyUse = DataClassName | GroundUse;
export const keyUses: readonly KeyUse[] = [...dataClassNames, ...groundUses];

export interface KeyPlan {
  readonly use: KeyUse;
  readonly alias: string;
  readonly description: string;
  readonly policy: string;
}

export interface KeysPlanArgs {
  readonly place: Place;
  /** ARNs of the roles that administer keys; the one that deploys must be among them. */
  readonly administrators: readonly string[];
  /** Names of the log groups that the logs key may encrypt. */
  readonly logGroups: readonly string[];
  /** What stands beside the ground and uses its keys: statements that each key's policy takes on. */
  readonly usage?: Readonly<Partial<Record<KeyUse, readonly Statement[]>>>;
}

export const aliasOf = (place: Place, use: KeyUse): string => `alias/${prefixOf(place)}-${use}`;

/** A key for each use, each with a policy of its own: administrators manage it and cannot use it. */
export function planKeys(args: KeysPlanArgs): KeyPlan[] {
  return keyUses.map((use) => ({
    use,
    alias: aliasOf(args.place, use),
    description: `Cloister ${args.place.environment}: ${use}`,
    policy: policyDocument([...administration(args), ...usage(use, args), ...(args.usage?.[use] ?? [])]),
  }));
}

/** The service that starts nodes, and whose role the key of volumes names. */
export const autoScaling = "autoscaling.amazonaws.com";

/** In a key policy `*` is the key itself. */
const key = { Effect: "Allow", Resource: "*" } as const;
const forAwsResource = { Bool: { "kms:GrantIsForAWSResource": "true" } };

function administration({ place, administrators }: KeysPlanArgs): Statement[] {
  return [
    {
      // Enough to mend a policy that names only roles which no longer exist, and nothing that reads data.
      Sid: "LockoutGuard",
      ...key,
      Principal: { AWS: arnOf.root(place) },
      Action: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"],
    },
    {
      Sid: "Administration",
      ...key,
      Principal: { AWS: administrators },
      Action: [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:DescribeKey",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListGrants",
        "kms:ListKeyPolicies",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:RevokeGrant",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
    },
  ];
}

/**
 * The account as principal with a condition on the role: a role need not exist yet, and it needs the right in its own
 * policy too.
 */
function roles(place: Place, sid: string, names: readonly string[], actions: readonly string[], service: string) {
  return {
    Sid: sid,
    ...key,
    Principal: { AWS: arnOf.root(place) },
    Action: actions,
    Condition: {
      ArnEquals: { "aws:PrincipalArn": names.map((name) => arnOf.role(place, name)) },
      StringEquals: { "kms:ViaService": `${service}.${place.region}.amazonaws.com` },
    },
  };
}

const usage = (use: KeyUse, args: KeysPlanArgs): Statement[] =>
  isGround(use) ? groundUsage[use](args) : dataUsage(use, args.place);

const isGround = (use: KeyUse): use is GroundUse => (groundUses as readonly string[]).includes(use);

/** Whoever uses `alarms`, `config` and `secrets` brings statements of its own. */
const groundUsage: Record<GroundUse, (args: KeysPlanArgs) => Statement[]> = {
  alarms: () => [],
  config: () => [],
  secrets: () => [],
  cluster: ({ administrators }) => [handToService(administrators)],
  registry: ({ administrators }) => [handToService(administrators)],
  logs: ({ place, logGroups }) => [
    {
      Sid: "Logs",
      ...key,
      Principal: { Service: `logs.${place.region}.amazonaws.com` },
      // No `kms:DescribeKey`: such a request has no encryption context, so under this condition it never had the right.
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
      Condition: {
        ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroups.map((name) => arnOf.logGroup(place, name)) },
      },
    },
  ],
  volumes: ({ place }) => volumeUsage(place),
};

/** Whoever creates the cluster or a repository hands the service its own use of the key, and nothing else. */
const handToService = (administrators: readonly string[]): Statement => ({
  Sid: "HandToService",
  ...key,
  Principal: { AWS: administrators },
  Action: "kms:CreateGrant",
  Condition: forAwsResource,
});

function volumeUsage(place: Place): Statement[] {
  // Auto Scaling starts the nodes by its own role. KMS refuses a policy that names a role which does not exist.
  const nodes = arnOf.role(place, `aws-service-role/${autoScaling}/AWSServiceRoleForAutoScaling`);
  const use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
  const driver = roles(place, "PodVolumeGrants", [roleNames(place).volumes], ["kms:CreateGrant"], "ec2");
  return [
    { Sid: "NodeVolumes", ...key, Principal: { AWS: nodes }, Action: use },
    {
      Sid: "NodeVolumeGrants",
      ...key,
      Principal: { AWS: nodes },
      Action: "kms:CreateGrant",
      Condition: forAwsResource,
    },
    roles(place, "PodVolumes", [roleNames(place).volumes], use, "ec2"),
    { ...driver, Condition: { ...driver.Condition, ...forAwsResource } },
  ];
}

function dataUsage(use: DataClassName, place: Place): Statement[] {
  const grants = planGrants().filter((grant) => grant.dataClass === use);
  const names = (verb: "read" | "write") =>
    grants.filter((grant) => grant.verbs.includes(verb)).map((grant) => grantRoleName(place, grant.identity));
  const [readers, writers] = [names("read"), names("write")];
  return [
    ...(readers.length === 0 ? [] : [roles(place, "Readers", readers, ["kms:Decrypt"], "s3")]),
    // S3 decrypts the data key again for each part of a large upload.
    ...(writers.length === 0 ? [] : [roles(place, "Writers", writers, ["kms:Decrypt", "kms:GenerateDataKey"], "s3")]),
  ];
}
