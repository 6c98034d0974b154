import type { KeyUse } from "../keys/keys-plan";
import { arnOf, partitionOf, type Place } from "../private-cloud/place";
import { forAccount, type Statement } from "../private-cloud/policy-document";
import { guardrailArns, guardrailNames } from "./guardrail-names";

/** In a key policy `*` is the key itself. */
const key = { Effect: "Allow", Resource: "*" } as const;

/** What the guardrails do with keys, for the policies of those keys: each service for this account's own resources. */
export function planKeyUsage(place: Place): Partial<Record<KeyUse, Statement[]>> {
  const { recorder, copier, backup } = guardrailNames(place).roles;
  const encrypting = ["kms:Decrypt", "kms:GenerateDataKey"];
  return {
    audit: [...trailUsage(place), role(place, "CopierWrites", copier, ["kms:GenerateDataKey", "kms:Encrypt"], "s3")],
    config: [
      role(place, "RecorderWrites", recorder, encrypting, "s3"),
      role(place, "CopierReads", copier, ["kms:Decrypt"], "s3"),
    ],
    alarms: [
      {
        ...key,
        Sid: "EventsPublish",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Condition: forAccount(place.account),
      },
    ],
    backups: backupUsage(place, backup),
    volumes: backupUsage(place, backup),
  };
}

function trailUsage(place: Place): Statement[] {
  const cloudTrail = { ...key, Principal: { Service: "cloudtrail.amazonaws.com" } } as const;
  const forTrail = { "aws:SourceArn": guardrailArns.trail(place) };
  const anyTrail = `arn:${partitionOf(place.region)}:cloudtrail:*:${place.account}:trail/*`;
  return [
    {
      ...cloudTrail,
      Sid: "TrailWrites",
      Action: "kms:GenerateDataKey*",
      Condition: { StringEquals: forTrail, StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": anyTrail } },
    },
    { ...cloudTrail, Sid: "TrailLooks", Action: "kms:DescribeKey", Condition: { StringEquals: forTrail } },
  ];
}

/** The account as principal with a condition on the role, which need not exist yet. */
function role(place: Place, sid: string, name: string, actions: readonly string[], service: string): Statement {
  return {
    ...key,
    Sid: sid,
    Principal: { AWS: arnOf.root(place) },
    Action: actions,
    Condition: {
      ArnEquals: { "aws:PrincipalArn": arnOf.role(place, name) },
      StringEquals: { "kms:ViaService": `${service}.${place.region}.amazonaws.com` },
    },
  };
}

/** AWS Backup reads a volume's snapshot and writes the recovery point through whichever service holds the resource. */
function backupUsage(place: Place, name: string): Statement[] {
  const forRole = { ArnEquals: { "aws:PrincipalArn": arnOf.role(place, name) } };
  const byRole = { ...key, Principal: { AWS: arnOf.root(place) } } as const;
  return [
    {
      ...byRole,
      Sid: "Backup",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Condition: forRole,
    },
    {
      ...byRole,
      Sid: "BackupGrants",
      Action: "kms:CreateGrant",
      Condition: { ...forRole, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
