import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LockMode } from "../../components/data-classes";
import { type ObjectStore, startObjectStore } from "../../rehearsal/object-store/object-store";
import { Supervisor } from "../../rehearsal/processes/supervisor";
import { lockProofLine, proveLock } from "../../scripts/rehearse/prove-lock";
import { tools } from "../rehearsal/tools";

let directory: string;
let supervisor: Supervisor;
let store: ObjectStore;
let s3: S3Client;

beforeAll(async () => {
  const binary = (await tools("versitygw")).path("versitygw");
  directory = mkdtempSync(join(tmpdir(), "cloister-locked-store-"));
  supervisor = await Supervisor.start(directory);
  store = await startObjectStore({ directory, binary, region: "eu-central-1" }, supervisor);
  const { endpoint, region, accessKeyId, secretAccessKey } = store;
  s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await lay("audit", "COMPLIANCE", 2190);
  await lay("weights", "GOVERNANCE", 30);
}, 900_000);

afterAll(async () => {
  s3.destroy();
  await supervisor.stop();
  rmSync(directory, { recursive: true });
});

const setDefault = (bucket: string, mode: LockMode, days: number) =>
  s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: mode, Days: days } },
      },
    }),
  );

async function lay(bucket: string, mode: LockMode, days: number): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  await setDefault(bucket, mode, days);
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "accepted",
    (error: unknown) => (error as Error).name,
  );

describe("a version under COMPLIANCE lock", () => {
  it("withstands the store's own administrator, whatever is tried", async () => {
    const proof = await proveLock(store, "audit", "COMPLIANCE");
    expect(Object.fromEntries(proof.attempts.map(({ attempt, code }) => [attempt, code]))).toEqual({
      "delete the version": "AccessDenied",
      "delete it in a list": "AccessDenied",
      "shorten its lock": "AccessDenied",
      "suspend versioning": "InvalidBucketState",
      "delete the bucket": "BucketNotEmpty",
      "delete the version with the right to bypass": "AccessDenied",
      "delete it in a list with the right to bypass": "AccessDenied",
      "shorten its lock with the right to bypass": "AccessDenied",
      "turn COMPLIANCE into GOVERNANCE": "AccessDenied",
    });
    expect(proof).toMatchObject({ kept: true, holds: true });
    expect(lockProofLine(proof)).toBe("audit (COMPLIANCE): 9 attempts refused, the version kept");
  });

  it("outlives an overwrite and a delete without a version, which only lay something over it", async () => {
    const put = (body: string) => s3.send(new PutObjectCommand({ Bucket: "audit", Key: "segment", Body: body }));
    const { VersionId } = await put("a record");
    await s3.send(new DeleteObjectCommand({ Bucket: "audit", Key: "segment" }));
    await put("another");
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "audit", Key: "segment", VersionId }));
    expect(await Body?.transformToString()).toBe("a record");
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: "audit", Prefix: "segment" }));
    expect([listed.Versions?.length, listed.DeleteMarkers?.length]).toEqual([2, 1]);
  });
});

/**
 * AWS writes the bucket's default onto each version; this server asks the bucket anew each time, and lets an administrator
 * change it. So a version is safe here from the administrator only where its writer named the date itself: what keeps
 * records must do so on every store.
 */
describe("the bucket's default, which this server keeps apart from its versions", () => {
  it("locks a version that names no date, as long as nobody changes the default", async () => {
    await lay("by-default", "COMPLIANCE", 2190);
    const { VersionId } = await s3.send(
      new PutObjectCommand({ Bucket: "by-default", Key: "segment", Body: "a record" }),
    );
    const version = { Bucket: "by-default", Key: "segment", VersionId };
    expect(await codeOf(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })))).toBe(
      "AccessDenied",
    );
    expect(await codeOf(s3.send(new GetObjectRetentionCommand(version)))).toBe("NoSuchObjectLockConfiguration");
  });

  it("can be shortened by the administrator, and a version that names its own date withstands that too", async () => {
    await lay("by-date", "COMPLIANCE", 2190);
    const retention = { Mode: "COMPLIANCE" as const, RetainUntilDate: new Date(Date.now() + 2190 * 86_400_000) };
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        Bucket: "by-date",
        Key: "segment",
        Body: "a record",
        ObjectLockMode: retention.Mode,
        ObjectLockRetainUntilDate: retention.RetainUntilDate,
      }),
    );
    const version = { Bucket: "by-date", Key: "segment", VersionId };
    expect(await codeOf(setDefault("by-date", "GOVERNANCE", 1))).toBe("accepted");
    const attempts = await Promise.all([
      codeOf(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))),
      codeOf(
        s3.send(
          new PutObjectRetentionCommand({
            ...version,
            Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(Date.now() + 60_000) },
            BypassGovernanceRetention: true,
          }),
        ),
      ),
    ]);
    expect(attempts).toEqual(["AccessDenied", "AccessDenied"]);
    const { Retention } = await s3.send(new GetObjectRetentionCommand(version));
    expect(Retention?.Mode).toBe("COMPLIANCE");
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 2189 * 86_400_000);
  });
});

it("says of a store that let something happen what it was", () => {
  const attempts = [
    { attempt: "delete the version", refused: true, code: "AccessDenied" },
    { attempt: "delete the bucket", refused: false, code: "" },
  ];
  expect(lockProofLine({ bucket: "audit", mode: "COMPLIANCE", attempts, kept: false, holds: false })).toBe(
    "audit (COMPLIANCE): 1 attempts refused, allowed: delete the bucket, the version lost",
  );
});

describe("a version under GOVERNANCE lock", () => {
  it("withstands whoever does not use the right to bypass", async () => {
    const proof = await proveLock(store, "weights", "GOVERNANCE");
    expect(proof.attempts.map(({ code }) => code)).toEqual([
      ...["AccessDenied", "AccessDenied", "AccessDenied", "InvalidBucketState", "BucketNotEmpty"],
    ]);
    expect(proof.holds).toBe(true);
  });

  it("is lifted by the store's root, which has every right: it guards against mistakes, not against the administrator", async () => {
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: "weights", Key: "adapter", Body: "weights" }));
    const version = { Bucket: "weights", Key: "adapter", VersionId };
    expect(await codeOf(s3.send(new DeleteObjectCommand(version)))).toBe("AccessDenied");
    expect(await codeOf(s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })))).toBe(
      "accepted",
    );
  });
});
