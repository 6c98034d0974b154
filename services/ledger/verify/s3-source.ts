import { GetObjectCommand, GetObjectRetentionCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { Fetched, LedgerSource, Listed } from "./source";

export interface S3SourceOptions {
  readonly bucket: string;
  readonly region: string;
  /** Absent on AWS. */
  readonly endpoint?: string;
  /** PEM of whom the store's certificate chains to. Default: whom Node trusts. */
  readonly authority?: string;
}

/** The audit bucket itself, all versions of it; credentials are those of whoever asks. */
export class S3Source implements LedgerSource {
  public readonly name: string;
  private readonly client: S3Client;

  public constructor(private readonly options: S3SourceOptions) {
    const { bucket, region, endpoint, authority } = options;
    this.name = `s3://${bucket}`;
    this.client = new S3Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(authority === undefined ? {} : { requestHandler: { httpsAgent: { ca: authority } } }),
    });
  }

  public async *list(): AsyncIterable<Listed> {
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await this.client.send(
        new ListObjectVersionsCommand({ Bucket: this.options.bucket, Prefix: "ledger/", ...markers }),
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
    const found = await this.client.send(
      new GetObjectCommand({
        Bucket: this.options.bucket,
        Key: key,
        ...(version === undefined ? {} : { VersionId: version }),
      }),
    );
    const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    // Not every store says it with the object.
    const lock = found.ObjectLockMode === undefined ? await this.lockOf(key, version) : lockIn(found);
    return { bytes, lock };
  }

  private async lockOf(key: string, version: string | undefined): Promise<NonNullable<Fetched["lock"]>> {
    const asked = { Bucket: this.options.bucket, Key: key, ...(version === undefined ? {} : { VersionId: version }) };
    try {
      const { Retention } = await this.client.send(new GetObjectRetentionCommand(asked));
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
