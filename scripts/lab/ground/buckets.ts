import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { dataClass } from "../../../components/data-classes";
import type { Substrate } from "../../../components/substrate";
import { storeClient, type StoreAccess } from "./store-client";

/** The data classes whose buckets the lab's programs write to. */
const used = ["audit", "quarantine", "weights"] as const;

/** Makes the buckets that a lab's programs write to, with versions under lock where the data class has one. */
export async function makeBuckets(store: StoreAccess, { facts }: Substrate): Promise<void> {
  const client = storeClient(store);
  for (const name of used) {
    const Bucket = facts.objectStore.buckets[name];
    const ObjectLockEnabledForBucket = dataClass(name).lock !== undefined;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket })).catch((error: Error) => {
      if (!/BucketAlreadyOwnedByYou|BucketAlreadyExists/.test(error.name)) throw error;
    });
  }
  client.destroy();
}
