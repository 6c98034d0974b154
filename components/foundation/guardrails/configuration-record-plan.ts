import { arnOf, partitionOf, type Place } from "../private-cloud/place";
import { forAccount, policyDocument, trustOf, type Statement } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { bucketPolicy } from "../storage/bucket-policy";
import { bucketName, type BucketPlan } from "../storage/object-store-plan";
import { aliasOf, type KeyUse } from "../keys/keys-plan";
import { configurationRules, type ConfigurationRule } from "./configuration-rules";
import { guardrailNames, recordBucket } from "./guardrail-names";

/**
 * Days that the recorder's files stay where they were delivered, once they have been copied under the audit lock. A month
 * is time to notice a copy that failed and to run it again.
 */
const deliveredDays = 30;

/** AWS Config delivers into no bucket that has a default retention, so it gets one without; copies go under the lock. */
export function planRecordBucket(place: Place, organisation: string): Omit<BucketPlan, "dataClass"> {
  const bucket = recordBucket(organisation, place.environment);
  return {
    bucket,
    expireAfterDays: deliveredDays,
    expireReplacedAfterDays: deliveredDays,
    policy: bucketPolicy({
      bucket,
      partition: partitionOf(place.region),
      ownKey: { deliverers: [arnOf.role(place, guardrailNames(place).roles.recorder)] },
    }),
  };
}

/** By its alias, which is known before the key is; the key's own policy names the role a second time. */
const byKey = (place: Place, sid: string, actions: readonly string[], use: KeyUse): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: arnOf.keys(place),
  Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliasOf(place, use) } },
});

/** Reads the description of everything and writes its files. */
export function planRecorderRole(place: Place, organisation: string): RolePlan {
  const bucket = arnOf.bucket(place, recordBucket(organisation, place.environment));
  return {
    name: guardrailNames(place).roles.recorder,
    description: "AWS Config: records every resource of the account",
    trust: trustOf("config.amazonaws.com", forAccount(place.account)),
    managed: [arnOf.managedPolicy(place, "service-role/AWS_ConfigRole")],
    own: {
      delivery: policyDocument([
        {
          Sid: "Write",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:PutObjectAcl"],
          Resource: `${bucket}/AWSLogs/${place.account}/*`,
          Condition: { StringLike: { "s3:x-amz-acl": "bucket-owner-full-control" } },
        },
        { Sid: "Look", Effect: "Allow", Action: ["s3:GetBucketAcl", "s3:ListBucket"], Resource: bucket },
        byKey(place, "Key", ["kms:Decrypt", "kms:GenerateDataKey"], "config"),
      ]),
    },
  };
}

/** Copies the recorder's files, and only them, into the audit bucket. */
export function planCopierRole(place: Place, organisation: string): RolePlan {
  const from = arnOf.bucket(place, recordBucket(organisation, place.environment));
  const to = arnOf.bucket(place, bucketName(organisation, place.environment, "audit"));
  return {
    name: guardrailNames(place).roles.copier,
    description: "S3: copies the recorder's files under the audit lock",
    // S3 does not say for whom it acts; nobody of another account can hand it this role.
    trust: trustOf("s3.amazonaws.com"),
    own: {
      copy: policyDocument([
        { Sid: "Look", Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: from },
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
          Resource: `${from}/*`,
        },
        {
          Sid: "Write",
          Effect: "Allow",
          Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
          Resource: `${to}/AWSLogs/${place.account}/Config/*`,
        },
        byKey(place, "ReadKey", ["kms:Decrypt"], "config"),
        byKey(place, "WriteKey", ["kms:Encrypt", "kms:GenerateDataKey"], "audit"),
      ]),
    },
  };
}

/** `S3_DEFAULT_ENCRYPTION_KMS` becomes `S3DefaultEncryptionKms`: templates take letters and digits. */
const logicalName = (identifier: string): string =>
  identifier.replace(/([A-Z0-9]+)_?/g, (_, word: string) => word.charAt(0) + word.slice(1).toLowerCase());

/** The conformance pack as a CloudFormation template in JSON, which is YAML too. At most 51200 bytes. */
export function conformanceTemplate(rules: readonly ConfigurationRule[] = configurationRules): string {
  const resource = ({ identifier, controls, parameters }: ConfigurationRule) => ({
    Type: "AWS::Config::ConfigRule",
    Properties: {
      ConfigRuleName: identifier.toLowerCase().replaceAll("_", "-"),
      Description: `Watches ${controls.join(", ")}`,
      Source: { Owner: "AWS", SourceIdentifier: identifier },
      ...(parameters === undefined ? {} : { InputParameters: parameters }),
    },
  });
  return JSON.stringify({
    Resources: Object.fromEntries(rules.map((rule) => [logicalName(rule.identifier), resource(rule)])),
  });
}
