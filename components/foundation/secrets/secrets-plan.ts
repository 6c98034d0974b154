import type { Identity } from "../../data-classes";
import { aliasOf, type KeyUse } from "../keys/keys-plan";
import { arnOf, partitionOf, prefixOf, type Place } from "../private-cloud/place";
import { policyDocument, trustOf, type Statement } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { grantRoleName } from "../private-cloud/role-names";

export interface SecretPlan {
  /** Part of a resource's name. */
  readonly suffix: string;
  /** Name in the secret store. */
  readonly name: string;
  readonly purpose: string;
  /** Who may read it; nobody else can, whatever rights a role was given. */
  readonly readers: readonly Identity[];
  /** Days after which a new value takes its place. */
  readonly rotateAfterDays: number;
}

/**
 * Every secret of the ground that is made by drawing lots. What has a service that changes it (the master password of a
 * database) is rotated by that service, and certificates are issued anew.
 *
 * A quarter is the time after which a subject's pseudonym changes; the store forgets a value two changes later, and what
 * was recorded under it can then be linked to nobody.
 */
export const planSecrets = (place: Place): SecretPlan[] => [
  {
    suffix: "pseudonym-key",
    name: `${prefixOf(place)}/audit/pseudonym-key`,
    purpose: "Key of the digests by which the audit record names people and prompts",
    readers: ["audit/ledger"],
    rotateAfterDays: 90,
  },
];

/** Name of the function that draws new values, and of its role. */
export const rotationName = (place: Place): string => `${prefixOf(place)}-rotation`;

/** Name of the log group of the function; Lambda makes one without our key if it finds none. */
export const rotationLogGroup = (place: Place): string => `/aws/lambda/${rotationName(place)}`;

/** The secret store appends six characters that nobody can know before. */
const secretArn = (place: Place, name: string): string =>
  `arn:${partitionOf(place.region)}:secretsmanager:${place.region}:${place.account}:secret:${name}-??????`;

const rotationActions = [
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecretVersionStage",
];

/** Through the secret store alone, and by the key's alias, which is known before the key is. */
const withKey = (place: Place, actions: readonly string[]): Statement => ({
  Sid: "Key",
  Effect: "Allow",
  Action: actions,
  Resource: arnOf.keys(place),
  Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliasOf(place, "secrets") } },
});

/** Draws new values for the secrets of the plan, and runs in the VPC. */
export const planRotationRole = (place: Place): RolePlan => ({
  name: rotationName(place),
  description: "Draws new values for the environment's secrets",
  trust: trustOf("lambda.amazonaws.com"),
  managed: [arnOf.managedPolicy(place, "service-role/AWSLambdaVPCAccessExecutionRole")],
  own: {
    rotation: policyDocument([
      {
        Sid: "Rotate",
        Effect: "Allow",
        Action: rotationActions,
        Resource: planSecrets(place).map(({ name }) => secretArn(place, name)),
      },
      withKey(place, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ]),
  },
});

/** What a reader's role gets for one secret. */
export const readerPolicy = (place: Place, { name }: SecretPlan): string =>
  policyDocument([
    { Sid: "Read", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn(place, name) },
    withKey(place, ["kms:Decrypt"]),
  ]);

/** The policy of one secret: its readers and the rotation see the value, the rotation alone puts one. */
export function secretPolicy(place: Place, { readers }: SecretPlan): string {
  const rotation = arnOf.role(place, rotationName(place));
  const denyAllBut = (sid: string, action: string, roles: readonly string[]): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: "*",
    Condition: { ArnNotEquals: { "aws:PrincipalArn": roles } },
  });
  return policyDocument([
    denyAllBut("OnlyReadersRead", "secretsmanager:GetSecretValue", [
      ...readers.map((reader) => arnOf.role(place, grantRoleName(place, reader))),
      rotation,
    ]),
    denyAllBut("OnlyRotationWrites", "secretsmanager:PutSecretValue", [rotation]),
  ]);
}

/** What the key of secrets must admit: readers and the rotation, through the secret store. */
export function planSecretKeyUsage(place: Place): Partial<Record<KeyUse, Statement[]>> {
  const readers = [...new Set(planSecrets(place).flatMap((secret) => secret.readers))];
  const through = { "kms:ViaService": `secretsmanager.${place.region}.amazonaws.com` };
  const by = (sid: string, names: readonly string[], actions: readonly string[]): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Resource: "*",
    // The account with a condition on the role: a role need not exist yet, and it needs the right in its own policy too.
    Principal: { AWS: arnOf.root(place) },
    Action: actions,
    Condition: {
      ArnEquals: { "aws:PrincipalArn": names.map((name) => arnOf.role(place, name)) },
      StringEquals: through,
    },
  });
  return {
    secrets: [
      by("RotationWrites", [rotationName(place)], ["kms:Decrypt", "kms:GenerateDataKey"]),
      by(
        "ReadersRead",
        readers.map((reader) => grantRoleName(place, reader)),
        ["kms:Decrypt"],
      ),
    ],
  };
}
