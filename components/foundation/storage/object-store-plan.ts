import { dataClass, dataClassNames, type DataClass, type DataClassName, type LockMode } from "../../data-classes";
import type { StoreCapability } from "../../substrate";
import type { Statement } from "../private-cloud/policy-document";
import { bucketPolicy } from "./bucket-policy";

export interface BucketPlan {
  readonly dataClass: DataClassName;
  readonly bucket: string;
  readonly lock?: { readonly mode: LockMode; readonly days: number };
  readonly expireAfterDays?: number;
  readonly expireReplacedAfterDays: number;
  /** JSON of the bucket policy, built from plain names so that a preview can judge it; absent where the store has none. */
  readonly policy?: string;
}

/** What AWS services do with the bucket of one data class. */
export interface Delivery {
  /** ARNs of roles that name the bucket's key in their requests. */
  readonly deliverers?: readonly string[];
  readonly statements?: readonly Statement[];
}

export interface ObjectStorePlanArgs {
  /** The company's short name, part of every bucket's name. */
  readonly organisation: string;
  /** Name of the environment, part of every bucket's name. */
  readonly environment: string;
  /** Days for which the audit record stays under its lock. */
  readonly auditRetentionDays: number;
  /** What the store can do; what it cannot is left out. */
  readonly capabilities: readonly StoreCapability[];
  /** Partition of ARNs, `aws` but for China and GovCloud; other stores answer to `aws` too. */
  readonly partition: string;
  /** ARNs of the roles that deploy; absent where the store knows no roles. */
  readonly deployers?: readonly string[];
  /** Lay the buckets of these classes alone; absent: of all. */
  readonly only?: readonly DataClassName[];
  /** Given on AWS alone: only there do policies know how a request is encrypted, and who of AWS makes it. */
  readonly deliveries?: Partial<Record<DataClassName, Delivery>>;
}

/**
 * Longest lock of what may hold personal data, days: an erasure must be done within one month of the wish (GDPR, Art.
 * 12(3)), and a lock that ends later would forbid it.
 */
export const erasureDays = 30;

/** Names are plain, not autonamed: policies, grants and the other stack name buckets before they exist. */
export const bucketName = (organisation: string, environment: string, name: DataClassName): string =>
  `${organisation}-${environment}-${name}`;

/** Decides everything about every bucket; one for each data class. */
export function planObjectStore(args: ObjectStorePlanArgs): BucketPlan[] {
  return (args.only ?? dataClassNames).map((name) => {
    const facts = dataClass(name);
    const bucket = bucketName(args.organisation, args.environment, name);
    const days = name === "audit" ? Math.max(args.auditRetentionDays, facts.lock?.days ?? 0) : facts.lock?.days;
    return {
      dataClass: name,
      bucket,
      ...(facts.lock === undefined || days === undefined ? {} : { lock: { mode: facts.lock.mode, days } }),
      ...expiry(facts, days ?? 0),
      ...(args.capabilities.includes("tls-only-policy") ? { policy: policyOf(args, name, bucket) } : {}),
    };
  });
}

/** A lifecycle that undercuts the lock would only fail, silently, at the store. */
export function expiry(
  { expireAfterDays, expireReplacedAfterDays }: Pick<DataClass, "expireAfterDays" | "expireReplacedAfterDays">,
  lockedDays: number,
): Pick<BucketPlan, "expireAfterDays" | "expireReplacedAfterDays"> {
  return {
    ...(expireAfterDays === undefined ? {} : { expireAfterDays: Math.max(expireAfterDays, lockedDays) }),
    expireReplacedAfterDays: Math.max(expireReplacedAfterDays, lockedDays),
  };
}

function policyOf(args: ObjectStorePlanArgs, name: DataClassName, bucket: string): string {
  const delivery = args.deliveries?.[name];
  const lock = dataClass(name).lock;
  return bucketPolicy({
    bucket,
    partition: args.partition,
    ...(lock === undefined ? {} : { lock }),
    ...(args.deployers === undefined ? {} : { deployers: args.deployers }),
    ...(args.deliveries !== undefined && args.capabilities.includes("encryption-by-key")
      ? { ownKey: { deliverers: delivery?.deliverers ?? [] } }
      : {}),
    deliveries: delivery?.statements ?? [],
  });
}
