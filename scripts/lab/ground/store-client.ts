import type { S3Client } from "@aws-sdk/client-s3";
import { storeClient as clientOf } from "../../../services/shared/s3";
import type { StoreKeys } from "../composition";

/** How this machine reaches a lab's store. */
export interface StoreAccess extends StoreKeys {
  readonly endpoint: string;
  readonly region: string;
  /** PEM of whom its certificate chains to; absent where it is on loopback alone, without TLS. */
  readonly authority?: string;
}

export const storeClient = ({ accessKeyId, secretAccessKey, ...address }: StoreAccess): S3Client =>
  clientOf({ ...address, credentials: { accessKeyId, secretAccessKey } });
