import * as s3 from "@aws-sdk/client-s3";
import type { Properties } from "../../provider";
import type { Operations } from "./configurations";
import { asking, isAbsent } from "./store";
import type { Store } from "./store";
import { tagsFromWire, tagsToWire } from "./wire";

const isLocked = async (store: Store, Bucket: string): Promise<boolean> => {
  const request = new s3.GetObjectLockConfigurationCommand({ Bucket });
  try {
    const answer = await store.client.send(request);
    return answer.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
};

/** Makes the bucket, or takes over the one that a stopped run of ours left. */
async function make(store: Store, inputs: Properties, warn: (message: string) => void): Promise<void> {
  const Bucket = inputs.bucket as string;
  const lock = inputs.objectLockEnabled === true;
  const request = new s3.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: lock });
  const isOurs = await asking(store, "CreateBucket", Bucket, async () => {
    try {
      await store.client.send(request);
      return false;
    } catch (error) {
      if (error instanceof s3.BucketAlreadyOwnedByYou) return true;
      throw error;
    }
  });
  if (!isOurs) return;
  if (lock !== (await isLocked(store, Bucket))) {
    const state = lock ? "without object lock, which can only be had from the first day" : "with object lock";
    throw new Error(`${Bucket} is already at ${store.name} ${state}; delete it there or choose another name`);
  }
  warn(`${Bucket} was already ours at ${store.name}, as a stopped run leaves it: taken over`);
}

async function putTags(store: Store, Bucket: string, tags: Properties): Promise<void> {
  const TagSet = tagsToWire(tags);
  const request = TagSet.length
    ? new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })
    : new s3.DeleteBucketTaggingCommand({ Bucket });
  await asking(store, TagSet.length ? "PutBucketTagging" : "DeleteBucketTagging", Bucket, () =>
    store.client.send(request as s3.PutBucketTaggingCommand),
  );
}

async function getTags(store: Store, Bucket: string): Promise<Properties> {
  try {
    const request = new s3.GetBucketTaggingCommand({ Bucket });
    const { TagSet } = await asking(store, "GetBucketTagging", Bucket, () => store.client.send(request));
    return tagsFromWire(TagSet);
  } catch (error) {
    // No tags is an absence too; a bucket that is gone was noticed before.
    if (isAbsent(error)) return {};
    throw error;
  }
}

/** Deletes every version; a version under lock stops it, and the store's own words say which. */
async function empty(store: Store, Bucket: string): Promise<void> {
  let marker: Pick<s3.ListObjectVersionsCommandInput, "KeyMarker" | "VersionIdMarker"> | undefined = {};
  while (marker) {
    const list: s3.ListObjectVersionsCommand = new s3.ListObjectVersionsCommand({ Bucket, ...marker });
    const page: s3.ListObjectVersionsCommandOutput = await asking(store, "ListObjectVersions", Bucket, () =>
      store.client.send(list),
    );
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      const request = new s3.DeleteObjectCommand({ Bucket, Key, VersionId });
      await asking(store, `DeleteObject of ${Key} (version ${VersionId})`, Bucket, () => store.client.send(request));
    }
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
}

export const bucketOperations: Operations = {
  put: async (store, inputs, { isNew, tags, warn }) => {
    if (isNew) await make(store, inputs, warn);
    if (!isNew || Object.keys(tags).length) await putTags(store, inputs.bucket as string, tags);
  },
  get: async (store, inputs) => {
    const Bucket = inputs.bucket as string;
    await asking(store, "HeadBucket", Bucket, () => store.client.send(new s3.HeadBucketCommand({ Bucket })));
    const tags = await getTags(store, Bucket);
    const locked = await isLocked(store, Bucket);
    return {
      // An explicit `false` that came back as nothing would look like a change, and plan another bucket.
      objectLockEnabled: locked || inputs.objectLockEnabled !== undefined ? locked : undefined,
      tags: Object.keys(tags).length || inputs.tags !== undefined ? tags : undefined,
    };
  },
  remove: async (store, inputs) => {
    const Bucket = inputs.bucket as string;
    if (inputs.forceDestroy === true) await empty(store, Bucket);
    await asking(store, "DeleteBucket", Bucket, () => store.client.send(new s3.DeleteBucketCommand({ Bucket })));
  },
};
