import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../stacks/environment";
import type { DataClassName } from "../../data-classes";
import type { StoreCapability } from "../../substrate";
import { planObjectStore, type BucketPlan, type ObjectStorePlanArgs } from "./object-store-plan";

export interface ObjectStoreArgs extends ObjectStorePlanArgs {
  /** Key of each class, where the store encrypts by key. */
  readonly keyArns?: Readonly<Record<DataClassName, pulumi.Input<string>>>;
  readonly owner: string;
}

/** What the environment itself says of its store, whatever the store is. */
export const storeArgsOf = (environment: Environment) => ({
  organisation: environment.organisation.slug,
  environment: environment.name,
  owner: environment.organisation.owner,
  auditRetentionDays: environment.auditRetentionDays,
});

/** A bucket for each data class, on AWS or on any store with the S3 API: the provider's endpoint decides. */
export class ObjectStore extends pulumi.ComponentResource {
  /** Bucket name by data class. */
  public readonly buckets: Record<DataClassName, string>;

  public constructor(name: string, args: ObjectStoreArgs, options: pulumi.ComponentResourceOptions) {
    super("cloister:index:ObjectStore", name, {}, options);
    const plans = planObjectStore(args);
    for (const plan of plans) this.lay(`${name}-${plan.dataClass}`, plan, args);
    this.buckets = Object.fromEntries(plans.map((plan) => [plan.dataClass, plan.bucket])) as Record<
      DataClassName,
      string
    >;
    this.registerOutputs({ buckets: this.buckets });
  }

  private lay(prefix: string, plan: BucketPlan, args: ObjectStoreArgs): void {
    const has = (capability: StoreCapability) => args.capabilities.includes(capability);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(
      prefix,
      {
        bucket: plan.bucket,
        objectLockEnabled: plan.lock !== undefined,
        forceDestroy: false,
        tags: {
          "cloister.dev/data-class": plan.dataClass,
          "cloister.dev/environment": args.environment,
          "cloister.dev/owner": args.owner,
        },
      },
      { parent: this, protect: plan.lock !== undefined, retainOnDelete: plan.lock !== undefined },
    );
    const versioning = new aws.s3.BucketVersioning(
      `${prefix}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    if (plan.lock !== undefined) {
      new aws.s3.BucketObjectLockConfiguration(
        `${prefix}-lock`,
        { bucket: bucket.bucket, rule: { defaultRetention: { mode: plan.lock.mode, days: plan.lock.days } } },
        { parent: this, dependsOn: [versioning], protect: true, retainOnDelete: true },
      );
    }
    const key = args.keyArns?.[plan.dataClass];
    if (has("encryption-by-key") && key !== undefined) {
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${prefix}-encryption`,
        {
          bucket: bucket.bucket,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
              bucketKeyEnabled: true,
            },
          ],
        },
        parent,
      );
    }
    if (has("access-block")) {
      new aws.s3.BucketPublicAccessBlock(
        `${prefix}-access-block`,
        {
          bucket: bucket.bucket,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        parent,
      );
    }
    if (plan.policy !== undefined) {
      new aws.s3.BucketPolicy(`${prefix}-policy`, { bucket: bucket.bucket, policy: plan.policy }, parent);
    }
    if (has("lifecycle")) {
      new aws.s3.BucketLifecycleConfiguration(
        `${prefix}-lifecycle`,
        { bucket: bucket.bucket, rules: [lifecycleRule(plan)] },
        { parent: this, dependsOn: [versioning] },
      );
    }
  }
}

function lifecycleRule(plan: BucketPlan): aws.types.input.s3.BucketLifecycleConfigurationRule {
  return {
    id: "data-class",
    status: "Enabled",
    filter: {},
    ...(plan.expireAfterDays === undefined ? {} : { expiration: { days: plan.expireAfterDays } }),
    noncurrentVersionExpiration: { noncurrentDays: plan.expireReplacedAfterDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}
