import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ObjectStore, startObjectStore } from "../../../rehearsal/object-store/object-store";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { tools } from "../tools";

let directory: string;
let binary: string;
let supervisor: Supervisor;
let store: ObjectStore;

function client({ endpoint, region, accessKeyId, secretAccessKey }: ObjectStore): S3Client {
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}

beforeAll(async () => {
  binary = (await tools("versitygw")).path("versitygw");
  directory = mkdtempSync(join(tmpdir(), "cloister-object-store-"));
  supervisor = await Supervisor.start(directory);
  store = await startObjectStore({ directory, binary, region: "eu-central-1" }, supervisor);
}, 900_000);

afterAll(async () => {
  await supervisor.stop();
  rmSync(directory, { recursive: true });
});

describe("object store", () => {
  it("refuses to delete a version under COMPLIANCE lock", async () => {
    const s3 = client(store);
    await s3.send(new CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true }));
    const { VersionId } = await s3.send(
      new PutObjectCommand({
        Bucket: "locked",
        Key: "segment",
        Body: "a record",
        ObjectLockMode: "COMPLIANCE",
        ObjectLockRetainUntilDate: new Date(Date.now() + 3_600_000),
      }),
    );
    expect(VersionId).toEqual(expect.any(String));
    const version = { Bucket: "locked", Key: "segment", VersionId };
    const refusal = await s3.send(new DeleteObjectCommand(version)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
    const bypass = await s3
      .send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))
      .catch((error: unknown) => error);
    expect(bypass).toMatchObject({ name: "AccessDenied" });
    // A plain delete only lays a marker over it: the version is still there.
    await s3.send(new DeleteObjectCommand({ Bucket: "locked", Key: "segment" }));
    const { Body } = await s3.send(new GetObjectCommand(version));
    expect(await Body?.transformToString()).toBe("a record");
  });

  it("knows nobody but the root credentials, which only their owner may read", async () => {
    const stranger = client({ ...store, secretAccessKey: "guessed" });
    await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    expect(statSync(store.credentialsPath).mode & 0o777).toBe(0o600);
    expect(store.secretAccessKey).toHaveLength(40);
  });

  it("has its buckets and credentials again after a restart", async () => {
    await client(store).send(new CreateBucketCommand({ Bucket: "kept" }));
    await supervisor.stop();
    supervisor = await Supervisor.start(directory);
    const again = await startObjectStore({ directory, binary, region: "eu-central-1" }, supervisor);
    expect(again).toEqual(store);
    const { Buckets } = await client(again).send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain("kept");
  });
});
