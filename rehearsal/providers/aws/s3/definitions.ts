import type { CheckFailure, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { exactlyOne, text, under } from "../definition";
import type { Definition, Definitions } from "../definition";
import { arn, between, either, matching, oneOf, policy } from "../rules";

const bucketName = matching(
  /^(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "3 to 63 lower-case letters, digits, dots or hyphens, beginning and ending with a letter or digit",
);

const ofBucket = (definition: Omit<Definition, "id" | "replaceOn">): Definition => ({
  ...definition,
  rules: { bucket: bucketName, ...definition.rules },
  replaceOn: ["bucket"],
  id: ({ inputs }) => text(inputs, "bucket"),
});

/** Of the kinds that also say whose bucket they expect it to be. */
const ofOwnedBucket = (definition: Omit<Definition, "id" | "replaceOn">): Definition => ({
  ...ofBucket({
    ...definition,
    rules: { expectedBucketOwner: matching(/^\d{12}$/, "an account of 12 digits"), ...definition.rules },
  }),
  replaceOn: ["bucket", "expectedBucketOwner"],
});

/** Inputs of the bucket that have a resource of their own; the provider keeps the old form for old programs only. */
const ownResources: Readonly<Record<string, string>> = {
  accelerationStatus: "BucketAccelerateConfiguration",
  acl: "BucketAcl",
  corsRules: "BucketCorsConfiguration",
  grants: "BucketAcl",
  lifecycleRules: "BucketLifecycleConfiguration",
  logging: "BucketLogging",
  objectLockConfiguration: "BucketObjectLockConfiguration (and objectLockEnabled here)",
  policy: "BucketPolicy",
  replicationConfiguration: "BucketReplicationConfig",
  requestPayer: "BucketRequestPaymentConfiguration",
  serverSideEncryptionConfiguration: "BucketServerSideEncryptionConfiguration",
  versioning: "BucketVersioning",
  website: "BucketWebsiteConfiguration",
};

function lockFailures({ rule, objectLockEnabled }: Properties): CheckFailure[] {
  const retention = isObject(rule) ? rule.defaultRetention : undefined;
  const failures = isObject(retention) ? under("rule.defaultRetention", exactlyOne(retention, "days", "years")) : [];
  if (isObject(retention) && retention.mode === undefined) {
    failures.push({
      property: "rule.defaultRetention.mode",
      reason: "found nothing: must be COMPLIANCE or GOVERNANCE",
    });
  }
  if (rule === undefined && objectLockEnabled === undefined) failures.push(...exactlyOne({}, "rule"));
  return failures;
}

const switched = oneOf("Enabled", "Disabled");

export const s3Definitions: Definitions = {
  "aws:s3/bucket:Bucket": {
    name: { property: "bucket", prefixProperty: "bucketPrefix", lowercase: true, rule: bucketName },
    defaults: { forceDestroy: false },
    replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
    alsoCheck: (inputs) =>
      Object.entries(ownResources)
        .filter(([property]) => inputs[property] !== undefined)
        .map(([property, kind]) => ({ property, reason: `deprecated on the bucket; use a resource ${kind}` })),
    id: ({ inputs }) => text(inputs, "bucket"),
    outputs: ({ id, inputs, scope }) => ({
      arn: `arn:${scope.partition}:s3:::${id}`,
      bucketDomainName: `${id}.s3.${scope.dnsSuffix}`,
      bucketRegion: scope.region,
      bucketRegionalDomainName: `${id}.s3.${scope.region}.${scope.dnsSuffix}`,
      objectLockEnabled: inputs.objectLockEnabled ?? false,
    }),
  },
  "aws:s3/bucketVersioning:BucketVersioning": ofOwnedBucket({
    rules: {
      "versioningConfiguration.status": oneOf("Enabled", "Suspended", "Disabled"),
      "versioningConfiguration.mfaDelete": switched,
    },
  }),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ofOwnedBucket({
    defaults: { objectLockEnabled: "Enabled" },
    secretOutputs: ["token"],
    rules: {
      objectLockEnabled: oneOf("Enabled"),
      "rule.defaultRetention.mode": oneOf("COMPLIANCE", "GOVERNANCE"),
      "rule.defaultRetention.days": between(1, 36500, "days"),
      "rule.defaultRetention.years": between(1, 100, "years"),
    },
    alsoCheck: lockFailures,
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofOwnedBucket({
    rules: {
      "rules[*].applyServerSideEncryptionByDefault.sseAlgorithm": oneOf("AES256", "aws:kms", "aws:kms:dsse"),
      "rules[*].applyServerSideEncryptionByDefault.kmsMasterKeyId": either(
        arn("kms"),
        matching(/^(alias\/.+|(mrk-)?[0-9a-f-]{32,36})$/, "a key's identifier or alias"),
      ),
    },
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket({
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
  }),
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket({ rules: { policy } }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofOwnedBucket({
    rules: {
      "rules[*].status": switched,
      "rules[*].id": matching(/^.{1,255}$/, "1 to 255 characters"),
      "rules[*].expiration.days": between(1, 2_147_483_647, "days"),
      "rules[*].noncurrentVersionExpiration.noncurrentDays": between(1, 2_147_483_647, "days"),
      "rules[*].abortIncompleteMultipartUpload.daysAfterInitiation": between(1, 2_147_483_647, "days"),
    },
  }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket({
    rules: { "rule.objectOwnership": oneOf("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter") },
  }),
  "aws:s3/bucketLogging:BucketLogging": ofOwnedBucket({ rules: { targetBucket: bucketName } }),
};
