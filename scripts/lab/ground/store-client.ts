import { S3Client } from "@aws-sdk/client-s3";
import type { StoreKeys } from "../composition";

/** How this machine reaches a lab's store. */
export interface StoreAccess extends StoreKeys {
  readonly endpoint: string;
  readonly region: string;
  /** PEM of whom its certificate chains to; absent where it is on loopback alone, without TLS. */
  readonly authority?: string;
}

export const storeClient = ({ endpoint, region, accessKeyId, secretAccessKey, authority }: StoreAccess): S3Client =>
  new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    ...(authority === undefined ? {} : { requestHandler: { httpsAgent: { ca: authority } } }),
  });
