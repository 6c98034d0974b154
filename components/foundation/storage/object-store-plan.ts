import { dataClass, dataClassNames, type DataClassName, type LockMode } from "../../data-classes";
import type { StoreCapability } from "../../substrate";

export interface BucketPlan {
  readonly dataClass: DataClassName;
  readonly bucket: string;
  readonly lock?: { readonly mode: LockMode; readonly days: number };
  readonly expireAfterDays?: number;
  readonly expireReplacedAfterDays: number;
  /** JSON of the bucket policy, built from plain names so that a preview can judge it; absent where the store has none. */
  readonly policy?: string;
}

export interface ObjectStorePlanArgs {
  readonly organisation: string;
  readonly environment: string;
  readonly auditRetentionDays: number;
  readonly capabilities: readonly StoreCapability[];
  /** Partition of ARNs, `aws` but for China and GovCloud; other stores answer to `aws` too. */
  readonly partition: string;
}

/** Names are plain, not autonamed: policies, grants and the other stack name buckets before they exist. */
export const bucketName = (organisation: string, environment: string, name: DataClassName): string =>
  `${organisation}-${environment}-${name}`;

/** Decides everything about every bucket; one for each data class. */
export function planObjectStore(args: ObjectStorePlanArgs): BucketPlan[] {
  return dataClassNames.map((name) => {
    const facts = dataClass(name);
    const bucket = bucketName(args.organisation, args.environment, name);
    const days = name === "audit" ? Math.max(args.auditRetentionDays, facts.lock?.days ?? 0) : facts.lock?.days;
    return {
      dataClass: name,
      bucket,
      ...(facts.lock === undefined || days === undefined ? {} : { lock: { mode: facts.lock.mode, days } }),
      ...(facts.expireAfterDays === undefined ? {} : { expireAfterDays: facts.expireAfterDays }),
      // A lifecycle that undercuts the lock would only fail, silently, at the store.
      expireReplacedAfterDays: Math.max(facts.expireReplacedAfterDays, days ?? 0),
      ...(args.capabilities.includes("tls-only-policy")
        ? { policy: bucketPolicy(args.partition, bucket, facts.lock) }
        : {}),
    };
  });
}

function bucketPolicy(partition: string, bucket: string, lock: { mode: LockMode } | undefined): string {
  const resources = [`arn:${partition}:s3:::${bucket}`, `arn:${partition}:s3:::${bucket}/*`];
  const deny = (sid: string, action: string | string[], condition?: object) => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      deny("DenyPlaintext", "s3:*", { Bool: { "aws:SecureTransport": "false" } }),
      deny("DenyOldTls", "s3:*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
      ...(lock === undefined
        ? []
        : [deny("DenyUnlock", ["s3:BypassGovernanceRetention", "s3:PutBucketObjectLockConfiguration"])]),
    ],
  });
}
