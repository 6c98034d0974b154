import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { storeClient } from "../shared/s3";
import type { SegmentStore } from "./anchor";
import type { LedgerConfiguration } from "./config";

/** The audit bucket, through the S3 API. Credentials come from the pod's identity. */
export class S3Store implements SegmentStore {
  private readonly client: S3Client;

  public constructor(private readonly settings: LedgerConfiguration["store"]) {
    // What failed is tried again by whoever anchors, in the chain's order.
    this.client = storeClient(settings, 1);
  }

  public async put(key: string, bytes: Buffer, until: Date): Promise<void> {
    await this.client.send(
      new PutObjectCommand({
        Bucket: this.settings.bucket,
        Key: key,
        Body: bytes,
        ContentType: "application/x-ndjson",
        ChecksumSHA256: createHash("sha256").update(bytes).digest("base64"),
        // Said with each object: not every store applies the bucket's own default to what is written.
        ObjectLockMode: "COMPLIANCE",
        ObjectLockRetainUntilDate: until,
      }),
      { abortSignal: AbortSignal.timeout(10_000) },
    );
  }
}
