import { S3Client } from "@aws-sdk/client-s3";

export interface StoreAddress {
  readonly region: string;
  /** Of a store that is not AWS's; it is asked by path, because a bucket is no name that its certificate holds. Default: AWS. */
  readonly endpoint?: string | undefined;
  /** PEM of whom the store's certificate chains to. Default: whom Node trusts. */
  readonly authority?: string | undefined;
  /** Default: those of the pod's identity, or of whoever asks. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/**
 * A client of an object store.
 *
 * @param tries of each request. Default: the SDK's own, 3.
 */
export const storeClient = ({ region, endpoint, authority, credentials }: StoreAddress, tries?: number): S3Client =>
  new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(authority === undefined ? {} : { requestHandler: { httpsAgent: { ca: authority } } }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(tries === undefined ? {} : { maxAttempts: tries }),
  });
