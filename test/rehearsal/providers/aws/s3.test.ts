import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startObjectStore } from "../../../../rehearsal/object-store/object-store";
import { Supervisor } from "../../../../rehearsal/processes/supervisor";
import { readEndpoints } from "../../../../rehearsal/providers/aws/s3/store";
import { createAwsTable } from "../../../../rehearsal/providers/aws/table";
import type { Properties, ProviderTable } from "../../../../rehearsal/providers/provider";
import { tools } from "../../tools";
import { callContext } from "../context";

const configured = "https://s3.site.example";
const configuration = { region: "eu-central-1", endpoints: JSON.stringify([{ s3: configured }]) };
const token = (name: string) => `aws:s3/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

let directory: string;
let supervisor: Supervisor;
let table: ProviderTable;
let client: S3Client;

beforeAll(async () => {
  const binary = (await tools("versitygw")).path("versitygw");
  directory = mkdtempSync(join(tmpdir(), "cloister-aws-s3-"));
  supervisor = await Supervisor.start(directory);
  const store = await startObjectStore({ directory, binary, region: "eu-central-1" }, supervisor);
  const { endpoint: url, region, accessKeyId, secretAccessKey } = store;
  table = createAwsTable({ [configured]: { url, region, accessKeyId, secretAccessKey } });
  client = new S3Client({ endpoint: url, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
}, 900_000);

afterAll(async () => {
  client.destroy();
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** One resource of the table, driven as the lifecycle server would. */
function resource(name: string, settings: Properties = configuration) {
  const kind = table.kind(token(name));
  if (!kind) throw new Error(`no kind ${name}`);
  const context = callContext(token(name), { configuration: settings });
  const checked = async (inputs: Properties) => (await kind.check?.(inputs, context))?.inputs ?? {};
  return {
    context,
    fidelity: typeof kind.fidelity === "function" ? kind.fidelity(context) : kind.fidelity,
    create: async (inputs: Properties, preview = false) => kind.create(await checked(inputs), { ...context, preview }),
    read: async (id: string, inputs: Properties) => kind.read?.(id, {}, { ...context, inputs: await checked(inputs) }),
    update: async (id: string, olds: Properties, news: Properties) =>
      kind.update?.(id, olds, await checked(news), context),
    remove: async (id: string, state: Properties) => kind.delete?.(id, state, context),
  };
}

const lock = (days: number): Properties => ({ rule: { defaultRetention: { mode: "COMPLIANCE", days } } });
const exists = (Bucket: string) =>
  client.send(new HeadBucketCommand({ Bucket })).then(
    () => true,
    () => false,
  );

describe("a bucket on a real store", () => {
  const bucket = "cloister-plain";
  const inputs = { bucket, tags: { zone: "models" } };

  it("is made, and taken over when a stopped run left it", async () => {
    const first = resource("Bucket");
    expect(first.fidelity).toBe("real");
    const made = await first.create(inputs);
    expect(made.id).toBe(bucket);
    expect(await exists(bucket)).toBe(true);
    expect(first.context.messages).toEqual([]);
    const second = resource("Bucket");
    expect(await second.create(inputs)).toEqual(made);
    expect(second.context.messages).toEqual([
      `${bucket} was already ours at ${configured}, as a stopped run leaves it: taken over`,
    ]);
  });

  it("is not taken over where its lock could never be had", async () => {
    await expect(resource("Bucket").create({ bucket, objectLockEnabled: true })).rejects.toThrow(
      `${bucket} is already at ${configured} without object lock, which can only be had from the first day`,
    );
  });

  it("is not touched in a preview", async () => {
    const made = await resource("Bucket").create({ bucket: "cloister-previewed" }, true);
    expect(made.id).toBe("");
    expect(await exists("cloister-previewed")).toBe(false);
  });

  it("shows no drift by itself, and foreign tags as drift", async () => {
    const subject = resource("Bucket");
    expect((await subject.read(bucket, inputs))?.inputs).toEqual({ ...inputs, forceDestroy: false });
    const Tagging = { TagSet: [{ Key: "zone", Value: "serving" }] };
    await client.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging }));
    expect((await subject.read(bucket, inputs))?.inputs.tags).toEqual({ zone: "serving" });
    await client.send(new DeleteBucketTaggingCommand({ Bucket: bucket }));
    expect((await subject.read(bucket, inputs))?.inputs.tags).toEqual({});
    const updated = await subject.update(bucket, {}, inputs);
    expect(updated?.state.tagsAll).toEqual({ zone: "models" });
    expect((await subject.read(bucket, inputs))?.inputs.tags).toEqual({ zone: "models" });
  });

  it("carries the provider's default tags without showing them as drift", async () => {
    const settings = { ...configuration, defaultTags: '{"tags":{"owner":"platform"}}' };
    const subject = resource("Bucket", settings);
    const { state } = await subject.create({ bucket: "cloister-tagged" });
    expect(state.tagsAll).toEqual({ owner: "platform" });
    const found = await subject.read("cloister-tagged", { bucket: "cloister-tagged" });
    expect(found?.inputs).toEqual({ bucket: "cloister-tagged", forceDestroy: false });
    expect(found?.state.tagsAll).toEqual({ owner: "platform" });
    await subject.remove("cloister-tagged", state);
  });

  it("is deleted, reads as gone, and may be deleted again", async () => {
    const subject = resource("Bucket");
    await subject.remove(bucket, { bucket });
    expect(await exists(bucket)).toBe(false);
    expect(await subject.read(bucket, inputs)).toBeUndefined();
    await subject.remove(bucket, { bucket });
  });

  it("is emptied first only where that was asked for", async () => {
    const subject = resource("Bucket");
    const { state } = await subject.create({ bucket: "cloister-full", forceDestroy: true });
    await client.send(new PutObjectCommand({ Bucket: "cloister-full", Key: "a", Body: "b" }));
    await expect(subject.remove("cloister-full", { bucket: "cloister-full" })).rejects.toThrow(
      `DeleteBucket on cloister-full at ${configured}: refused with BucketNotEmpty`,
    );
    await subject.remove("cloister-full", state);
    expect(await exists("cloister-full")).toBe(false);
  });
});

describe("object lock on a real store", () => {
  const bucket = "cloister-audit";
  const inputs = (days: number) => ({ bucket, ...lock(days) });
  const stored = async () =>
    (await client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }))).ObjectLockConfiguration;

  it("is set, and seen by the store", async () => {
    await resource("Bucket").create({ bucket, objectLockEnabled: true });
    const made = await resource("BucketObjectLockConfiguration").create(inputs(30));
    expect(made.id).toBe(bucket);
    expect(await stored()).toEqual({
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
    });
  });

  it("is updated in place", async () => {
    await resource("BucketObjectLockConfiguration").update(bucket, inputs(30), inputs(60));
    expect((await stored())?.Rule?.DefaultRetention).toEqual({ Mode: "COMPLIANCE", Days: 60 });
  });

  it("shows what somebody else changed or took away", async () => {
    const subject = resource("BucketObjectLockConfiguration");
    const put = (days?: number) =>
      client.send(
        new PutObjectLockConfigurationCommand({
          Bucket: bucket,
          ObjectLockConfiguration: {
            ObjectLockEnabled: "Enabled",
            ...(days && { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: days } } }),
          },
        }),
      );
    expect((await subject.read(bucket, inputs(60)))?.inputs).toEqual({ ...inputs(60), objectLockEnabled: "Enabled" });
    await put(1);
    expect((await subject.read(bucket, inputs(60)))?.inputs.rule).toEqual({
      defaultRetention: { mode: "GOVERNANCE", days: 1 },
    });
    await put();
    expect((await subject.read(bucket, inputs(60)))?.inputs).not.toHaveProperty("rule");
    await subject.update(bucket, {}, inputs(60));
    expect((await stored())?.Rule?.DefaultRetention?.Days).toBe(60);
  });

  it("keeps versioning on: a suspension is refused in the store's words", async () => {
    const suspended = { bucket, versioningConfiguration: { status: "Suspended" } };
    await expect(resource("BucketVersioning").create(suspended)).rejects.toThrow(
      new RegExp(`^PutBucketVersioning on ${bucket} at ${configured}: refused with InvalidBucketState: `),
    );
    // Deleting the resource leaves it on, as the official provider does.
    await resource("BucketVersioning").remove(bucket, { bucket });
    const found = await resource("BucketVersioning").read(bucket, {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    expect(found?.inputs.versioningConfiguration).toEqual({ status: "Enabled" });
  });

  it("keeps the bucket from being deleted while a version is locked, even by force", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "segment", Body: "a record" }));
    await expect(resource("Bucket").remove(bucket, { bucket, forceDestroy: true })).rejects.toThrow(
      new RegExp(
        `^DeleteObject of segment \\(version .+\\) on ${bucket} at ${configured}: refused with AccessDenied: `,
      ),
    );
    expect(await exists(bucket)).toBe(true);
  });

  it("cannot be had on a bucket without it", async () => {
    await resource("Bucket").create({ bucket: "cloister-unlocked" });
    await expect(
      resource("BucketObjectLockConfiguration").create({ bucket: "cloister-unlocked", ...lock(30) }),
    ).rejects.toThrow(/^PutObjectLockConfiguration on cloister-unlocked at https:\/\/s3\.site\.example: refused with /);
  });
});

describe("other configurations on a real store", () => {
  const bucket = "cloister-configured";
  beforeAll(() => resource("Bucket").create({ bucket }));

  it("sees versioning drift", async () => {
    const subject = resource("BucketVersioning");
    const inputs = { bucket, versioningConfiguration: { status: "Enabled" } };
    await subject.create(inputs);
    expect((await subject.read(bucket, inputs))?.inputs).toEqual(inputs);
    const VersioningConfiguration = { Status: "Suspended" as const };
    await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    expect((await subject.read(bucket, inputs))?.inputs.versioningConfiguration).toEqual({ status: "Suspended" });
  });

  it("keeps a policy as it was written, whatever the spacing", async () => {
    const subject = resource("BucketPolicy");
    const statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` };
    const inputs = { bucket, policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2) };
    await subject.create(inputs);
    expect((await subject.read(bucket, inputs))?.inputs).toEqual(inputs);
    await subject.remove(bucket, inputs);
    expect(await subject.read(bucket, inputs)).toBeUndefined();
  });

  it("names the operation and the store where the store does not implement it", async () => {
    const inputs = { bucket, blockPublicAcls: true };
    await expect(resource("BucketPublicAccessBlock").create(inputs)).rejects.toThrow(
      `PutPublicAccessBlock on ${bucket} at ${configured}: the store does not implement it (NotImplemented); ` +
        "name the gap in the store's capability list and leave this resource out",
    );
  });
});

describe("endpoints", () => {
  it("that are not part of the rehearsal are refused by name", async () => {
    const settings = { region: "eu-central-1", endpoints: '[{"s3":"https://s3.eu-central-1.amazonaws.com"}]' };
    await expect(resource("Bucket", settings).create({ bucket: "cloister-outside" })).rejects.toThrow(
      "the S3 endpoint https://s3.eu-central-1.amazonaws.com is not part of this rehearsal, which never reaches a real " +
        `address (it has: ${configured})`,
    );
  });

  it("are only computed where none is configured, and then no request is made", async () => {
    const made = await resource("Bucket", { region: "eu-central-1" }).create({ bucket: "cloister-computed" });
    expect(made.state.arn).toBe("arn:aws:s3:::cloister-computed");
    expect(await exists("cloister-computed")).toBe(false);
  });

  it("may lead to loopback alone", () => {
    const map = (url: string) => JSON.stringify({ [configured]: { url, accessKeyId: "a", secretAccessKey: "b" } });
    expect(() => readEndpoints(map("https://s3.amazonaws.com"))).toThrow(
      `${configured} leads to s3.amazonaws.com; a rehearsal stays on loopback`,
    );
    expect(Object.keys(readEndpoints(map("http://127.0.0.1:9000")))).toEqual([configured]);
    expect(readEndpoints("")).toEqual({});
  });
});
