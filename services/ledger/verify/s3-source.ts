import {
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { storeClient, type StoreAddress } from "../../shared/s3";
import type { Fetched, LedgerSource, Listed } from "./source";

export interface S3SourceOptions extends StoreAddress {
  readonly bucket: string;
  /** Beginning of the keys that are listed. Default: the ledger's. */
  readonly prefix?: string;
}

/** One version of an object, as requests name it. */
interface Named {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** The audit bucket itself, all versions of it; credentials are those of whoever asks. */
export class S3Source implements LedgerSource {
  public readonly name: string;
  private readonly client: S3Client;

  public constructor(private readonly options: S3SourceOptions) {
    this.name = `s3://${options.bucket}`;
    this.client = storeClient(options);
  }

  public async *list(): AsyncIterable<Listed> {
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await this.client.send(
        new ListObjectVersionsCommand({
          Bucket: this.options.bucket,
          Prefix: this.options.prefix ?? "ledger/",
          ...markers,
        }),
      );
      const versions = [...(page.Versions ?? [])].map(({ Key, VersionId }) => listed(Key, VersionId, false));
      const hidden = [...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => listed(Key, VersionId, true));
      yield* [...versions, ...hidden].sort((left, right) => (left.key < right.key ? -1 : 1));
      if (page.IsTruncated !== true) return;
      markers = {
        ...(page.NextKeyMarker === undefined ? {} : { KeyMarker: page.NextKeyMarker }),
        ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  }

  public async fetch({ key, version }: Listed): Promise<Fetched> {
    const named = { Bucket: this.options.bucket, Key: key, ...(version === undefined ? {} : { VersionId: version }) };
    const found = await this.client.send(new GetObjectCommand(named));
    const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    // Not every store says it with the object.
    const lock = found.ObjectLockMode === undefined ? await this.lockOf(named) : lockIn(found);
    return { bytes, lock };
  }

  private async lockOf(named: Named): Promise<NonNullable<Fetched["lock"]>> {
    try {
      const { Retention } = await this.client.send(new GetObjectRetentionCommand(named));
      return { mode: Retention?.Mode, until: Retention?.RetainUntilDate };
    } catch (error) {
      if ((error as Error).name !== "NoSuchObjectLockConfiguration") throw error;
      return { mode: undefined, until: undefined };
    }
  }
}

const lockIn = (found: { ObjectLockMode?: string; ObjectLockRetainUntilDate?: Date }) => ({
  mode: found.ObjectLockMode,
  until: found.ObjectLockRetainUntilDate,
});

const listed = (key = "", version: string | undefined, deleteMarker: boolean): Listed => ({
  key,
  ...(version === undefined ? {} : { version }),
  ...(deleteMarker ? { deleteMarker } : {}),
});
