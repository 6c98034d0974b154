import { key, provider, type Fixture } from "./fixture";
import { deliveriesOf, denialsOf, policyOf } from "./policy-documents";

/** Tags of a store that says all it must. */
export const tagsOf = (dataClass: string) => ({
  "cloister.dev/data-class": dataClass,
  "cloister.dev/owner": "platform@example.com",
  "cloister.dev/purpose": "a test",
  "cloister.dev/retention": "a while",
  "cloister.dev/environment": "test",
});

/** What configures one aspect of a bucket. */
function sibling(bucket: string, kind: string, props: unknown): Fixture {
  const token = `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
  return { type: token, name: `${bucket}-${kind}`, props, from: { bucket }, provider };
}

const lock = (bucket: string, mode: string, days: number): Fixture => ({
  ...sibling(bucket, "BucketObjectLockConfiguration", { rule: { defaultRetention: { mode, days } } }),
  protect: true,
});

const siblingsOfAll = (bucket: string): Fixture[] => [
  sibling(bucket, "BucketServerSideEncryptionConfiguration", {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
  }),
  sibling(bucket, "BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
  sibling(bucket, "BucketPublicAccessBlock", {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
];

const bucket = (name: string, dataClass: string, locked: boolean): Fixture => ({
  type: "aws:s3/bucket:Bucket",
  name,
  protect: true,
  props: { bucket: name, objectLockEnabled: locked, forceDestroy: false, tags: tagsOf(dataClass) },
  provider,
});

function withoutLock(name: string) {
  const { unlock: _unlock, ...others } = denialsOf(name);
  return others;
}

/** The locked bucket of the audit record. */
export const bucketFamily = (name: string): Fixture[] => [
  bucket(name, "audit", true),
  ...siblingsOfAll(name),
  lock(name, "COMPLIANCE", 2190),
  sibling(name, "BucketPolicy", { policy: policyOf(...Object.values({ ...denialsOf(name), ...deliveriesOf(name) })) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [{ id: "data-class", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 2190 } }],
  }),
];

/** A bucket of personal data, which has an end and no lock. */
export const personalFamily = (name: string): Fixture[] => [
  bucket(name, "raw", false),
  ...siblingsOfAll(name),
  sibling(name, "BucketPolicy", { policy: policyOf(...Object.values(withoutLock(name))) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [
      {
        id: "data-class",
        status: "Enabled",
        expiration: { days: 30 },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
      },
    ],
  }),
];

/** The locked bucket of weights. */
export const weightsFamily = (name: string): Fixture[] => [
  bucket(name, "weights", true),
  ...siblingsOfAll(name),
  lock(name, "GOVERNANCE", 30),
  sibling(name, "BucketPolicy", { policy: policyOf(...Object.values(denialsOf(name))) }),
  sibling(name, "BucketLifecycleConfiguration", {
    rules: [{ id: "data-class", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 365 } }],
  }),
];
