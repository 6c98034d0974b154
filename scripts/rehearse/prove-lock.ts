import { randomUUID } from "node:crypto";
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { LockMode } from "../../components/data-classes";
import type { ObjectStore } from "../../rehearsal/object-store/object-store";

/** One thing that an administrator tried, and the store's answer. */
export interface LockAttempt {
  readonly attempt: string;
  readonly refused: boolean;
  /** The store's error code, such as `AccessDenied`; empty where it did as it was told. */
  readonly code: string;
}

/** What an administrator with every right could do to a locked version of a bucket. */
export interface LockProof {
  readonly bucket: string;
  readonly mode: LockMode;
  readonly attempts: readonly LockAttempt[];
  /** The version is there after all of them, byte for byte. */
  readonly kept: boolean;
  /** Every attempt was refused and the version kept. */
  readonly holds: boolean;
}

// The kit supports Node 20; that the AWS SDK will leave it one day is not news for every run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const key = "rehearsal/lock-proof";
/** How long the version of the proof is locked: past the rehearsal, and not for years. */
const lockSeconds = 3600;

/**
 * Writes a version under lock and tries, with the store's root credentials, to be rid of it: to delete it, to shorten or
 * soften its lock, to stop versioning, to delete the bucket. Under COMPLIANCE the right to bypass is used too; under
 * GOVERNANCE it is not, because whoever has that right may lift the lock: the kit's policies give it to nobody.
 *
 * Every run leaves a version of a few bytes behind. The bucket's own default is not touched: a store that let it be changed
 * would then differ from its state.
 *
 * @throws what the store answers when the locked version cannot even be written.
 */
export async function proveLock(store: ObjectStore, bucket: string, mode: LockMode): Promise<LockProof> {
  const { endpoint, region, accessKeyId, secretAccessKey } = store;
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  try {
    const record = randomUUID();
    const until = new Date(Date.now() + lockSeconds * 1000);
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: record,
        ObjectLockMode: mode,
        ObjectLockRetainUntilDate: until,
      }),
    );
    const version = { Bucket: bucket, Key: key, VersionId };
    const attempts: LockAttempt[] = [];
    for (const [attempt, act] of attemptsOn(s3, version, mode, until)) attempts.push(await answerTo(attempt, act));
    const { Body } = await s3.send(new GetObjectCommand(version)).catch(() => ({ Body: undefined }));
    const kept = (await Body?.transformToString()) === record;
    return { bucket, mode, attempts, kept, holds: kept && attempts.every(({ refused }) => refused) };
  } finally {
    s3.destroy();
  }
}

type Attempt = readonly [attempt: string, act: () => Promise<unknown>];
type Version = { Bucket: string; Key: string; VersionId: string | undefined };

function attemptsOn(s3: S3Client, version: Version, mode: LockMode, until: Date): Attempt[] {
  const { Bucket, Key, VersionId } = version;
  const soon = { Mode: mode, RetainUntilDate: new Date(Date.now() + 60_000) };
  const bypass = { ...version, BypassGovernanceRetention: true };
  const without: Attempt[] = [
    ["delete the version", () => s3.send(new DeleteObjectCommand(version))],
    ["delete it in a list", () => deleteInList(s3, Bucket, { Key, VersionId }, false)],
    ["shorten its lock", () => retain(s3, version, soon)],
    [
      "suspend versioning",
      () => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
    ],
    ["delete the bucket", () => s3.send(new DeleteBucketCommand({ Bucket }))],
  ];
  if (mode === "GOVERNANCE") return without;
  const softer = { Mode: "GOVERNANCE" as const, RetainUntilDate: until };
  return [
    ...without,
    ["delete the version with the right to bypass", () => s3.send(new DeleteObjectCommand(bypass))],
    ["delete it in a list with the right to bypass", () => deleteInList(s3, Bucket, { Key, VersionId }, true)],
    ["shorten its lock with the right to bypass", () => retain(s3, bypass, soon)],
    ["turn COMPLIANCE into GOVERNANCE", () => retain(s3, bypass, softer)],
  ];
}

const retain = (s3: S3Client, version: Version, retention: { Mode: LockMode; RetainUntilDate: Date }) =>
  s3.send(new PutObjectRetentionCommand({ ...version, Retention: retention }));

/** A list answers 200 and tells each refusal inside. */
async function deleteInList(
  s3: S3Client,
  bucket: string,
  object: { Key: string; VersionId: string | undefined },
  bypass: boolean,
): Promise<void> {
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: [object] },
      ...(bypass ? { BypassGovernanceRetention: true } : {}),
    }),
  );
  if (Errors[0] !== undefined) throw Object.assign(new Error(Errors[0].Message), { name: Errors[0].Code });
}

async function answerTo(attempt: string, act: () => Promise<unknown>): Promise<LockAttempt> {
  try {
    await act();
    return { attempt, refused: false, code: "" };
  } catch (error) {
    return { attempt, refused: true, code: error instanceof Error ? error.name : String(error) };
  }
}

/** One line for a person: `example-on-prem-audit (COMPLIANCE): 9 attempts refused, the version kept`. */
export function lockProofLine({ bucket, mode, attempts, kept }: LockProof): string {
  const accepted = attempts.filter(({ refused }) => !refused).map(({ attempt }) => attempt);
  const refused = `${attempts.length - accepted.length} attempts refused`;
  const broken = accepted.length === 0 ? "" : `, allowed: ${accepted.join(", ")}`;
  return `${bucket} (${mode}): ${refused}${broken}, the version ${kept ? "kept" : "lost"}`;
}
