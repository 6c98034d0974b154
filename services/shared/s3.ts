import { S3Client } from "@aws-sdk/client-s3";

export interface StoreAddress {
  readonly region: string;
  /** Of a store that is not AWS's; it is asked by path, because a bucket is no name that its certificate holds. Default: AWS. */
  readonly endpoint?: string | undefined;
  /** PEM of whom the store's certificate chains to. Default: whom Node trusts. */
  readonly authority?: string | undefined;
}

/**
 * A client of an object store. Credentials come from the pod's identity, or are those of whoever asks.
 *
 * @param tries of each request. Default: the SDK's own, 3.
 */
export const storeClient = ({ region, endpoint, authority }: StoreAddress, tries?: number): S3Client =>
  new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(authority === undefined ? {} : { requestHandler: { httpsAgent: { ca: authority } } }),
    ...(tries === undefined ? {} : { maxAttempts: tries }),
  });
