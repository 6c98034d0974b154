import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { StoreCapability } from "../../substrate";
import type { BucketPlan } from "./object-store-plan";

export interface LayBucketArgs {
  readonly capabilities: readonly StoreCapability[];
  readonly tags: Readonly<Record<string, string>>;
  /** What is in it, in one line. */
  readonly purpose: string;
  /** Where the store encrypts by key. */
  readonly keyArn?: pulumi.Input<string>;
}

export interface LaidBucket {
  readonly bucket: aws.s3.Bucket;
  /** What must stand before anybody delivers into the bucket or copies from it. */
  readonly ready: pulumi.Resource[];
}

/** Lays one bucket and the siblings that configure it, as far as the store can do, as children of `parent`. */
export function layBucket(
  prefix: string,
  plan: Omit<BucketPlan, "dataClass">,
  args: LayBucketArgs,
  parent: pulumi.Resource,
): LaidBucket {
  const has = (capability: StoreCapability) => args.capabilities.includes(capability);
  // A destroy that took data along would be one slip away from a disaster; what is left behind can be deleted any time,
  // and stays as closed and as encrypted as it was.
  const keep = { parent, protect: true, retainOnDelete: true };
  const aside = { parent, retainOnDelete: true };
  const bucket = new aws.s3.Bucket(
    prefix,
    { bucket: plan.bucket, objectLockEnabled: plan.lock !== undefined, forceDestroy: false, tags: tagsOf(plan, args) },
    keep,
  );
  const versioning = new aws.s3.BucketVersioning(
    `${prefix}-versioning`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    aside,
  );
  const lock =
    plan.lock === undefined
      ? []
      : [
          new aws.s3.BucketObjectLockConfiguration(
            `${prefix}-lock`,
            { bucket: bucket.bucket, rule: { defaultRetention: { mode: plan.lock.mode, days: plan.lock.days } } },
            { ...keep, dependsOn: [versioning] },
          ),
        ];
  const key = has("encryption-by-key") ? args.keyArn : undefined;
  const encryption = key === undefined ? [] : [encrypt(prefix, bucket, key, aside)];
  if (has("access-block")) closeToOthers(prefix, bucket, aside);
  const lifecycle = has("lifecycle")
    ? [
        new aws.s3.BucketLifecycleConfiguration(
          `${prefix}-lifecycle`,
          { bucket: bucket.bucket, rules: [lifecycleRule(plan)] },
          { ...aside, dependsOn: [versioning] },
        ),
      ]
    : [];
  const policy =
    plan.policy === undefined
      ? []
      : [
          new aws.s3.BucketPolicy(
            `${prefix}-policy`,
            { bucket: bucket.bucket, policy: plan.policy },
            // It refuses to change the lock and the lifecycle, so they come first.
            { ...aside, dependsOn: [...lock, ...lifecycle] },
          ),
        ];
  return { bucket, ready: [bucket, versioning, ...encryption, ...policy] };
}

/** What a tag may hold; AWS refuses other characters. */
const tagText = (text: string): string => text.replace(/[^\p{L}\p{N} +\-=._:/@]/gu, "");

/** How long what is in the bucket stays, as an inventory of stores shows it. */
function retentionOf({ lock, expireAfterDays, expireReplacedAfterDays }: Omit<BucketPlan, "dataClass">): string {
  const parts = [
    ...(lock === undefined ? [] : [`locked ${lock.days} days ${lock.mode}`]),
    expireAfterDays === undefined ? "kept until deleted" : `expires after ${expireAfterDays} days`,
    `replaced versions ${expireReplacedAfterDays} days`,
  ];
  return parts.join(" / ");
}

const tagsOf = (plan: Omit<BucketPlan, "dataClass">, { tags, purpose }: LayBucketArgs): Record<string, string> => ({
  ...tags,
  "cloister.dev/purpose": tagText(purpose),
  "cloister.dev/retention": retentionOf(plan),
});

function encrypt(
  prefix: string,
  bucket: aws.s3.Bucket,
  keyArn: pulumi.Input<string>,
  aside: pulumi.CustomResourceOptions,
) {
  return new aws.s3.BucketServerSideEncryptionConfiguration(
    `${prefix}-encryption`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    },
    aside,
  );
}

/** Nobody outside the account by any way, and what is in the bucket belongs to its owner whoever wrote it. */
function closeToOthers(prefix: string, bucket: aws.s3.Bucket, aside: pulumi.CustomResourceOptions): void {
  new aws.s3.BucketPublicAccessBlock(
    `${prefix}-access-block`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    aside,
  );
  new aws.s3.BucketOwnershipControls(
    `${prefix}-ownership`,
    { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    aside,
  );
}

function lifecycleRule(
  plan: Pick<BucketPlan, "expireAfterDays" | "expireReplacedAfterDays">,
): aws.types.input.s3.BucketLifecycleConfigurationRule {
  return {
    id: "data-class",
    status: "Enabled",
    filter: {},
    ...(plan.expireAfterDays === undefined ? {} : { expiration: { days: plan.expireAfterDays } }),
    noncurrentVersionExpiration: { noncurrentDays: plan.expireReplacedAfterDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}
