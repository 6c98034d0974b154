import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Properties } from "../../provider";
import { isObject } from "../../property-path";
import { opened, scopeOf } from "../configuration";

/** Where a configured endpoint really is during this rehearsal, and how to sign for it. */
export interface Endpoint {
  /** On the loopback interface. */
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region?: string;
  /** Types that the server in the store's place does not implement: they are computed, and counted so. @default none */
  readonly lacks?: readonly string[];
}

export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Reads the environment's map from configured addresses to this rehearsal's own. Throws where it is malformed. */
export function readEndpoints(variable = process.env.CLOISTER_REHEARSAL_ENDPOINTS): Endpoints {
  if (!variable) return {};
  const endpoints = JSON.parse(variable) as Endpoints;
  for (const [configured, { url }] of Object.entries(endpoints)) {
    const { hostname } = new URL(url);
    if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
      throw new Error(
        `CLOISTER_REHEARSAL_ENDPOINTS: ${configured} leads to ${hostname}; a rehearsal stays on loopback`,
      );
    }
  }
  return endpoints;
}

/** A store that speaks S3, under the name that the environment gives it. */
export interface Store {
  readonly name: string;
  readonly client: Pick<S3Client, "send">;
}

/** The S3 endpoint that the provider is configured with; undefined where it would be AWS itself. */
export function configuredEndpoint(configuration: Properties): string | undefined {
  const { endpoints } = opened(configuration);
  const urls = Array.isArray(endpoints) ? endpoints.map((entry) => (isObject(entry) ? entry.s3 : undefined)) : [];
  return urls.find((url) => typeof url === "string");
}

/** Opens the store behind the configured endpoint. Throws where this rehearsal has none for it: none is ever guessed. */
export function openStore(configuration: Properties, endpoints: Endpoints): Store | undefined {
  const name = configuredEndpoint(configuration);
  if (name === undefined) return undefined;
  const endpoint = endpoints[name];
  if (!endpoint) {
    const known = Object.keys(endpoints).join(", ") || "none";
    throw new Error(
      `the S3 endpoint ${name} is not part of this rehearsal, which never reaches a real address (it has: ${known})`,
    );
  }
  const { url, accessKeyId, secretAccessKey, region = scopeOf(configuration).region } = endpoint;
  const client = new S3Client({
    endpoint: url,
    region,
    // Given here, so that the SDK never looks for ambient ones.
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  return { name, client };
}

/** Codes by which stores say that a configuration, or the bucket itself, is not there. */
const absent = [
  ...["NoSuchBucket", "NotFound", "NoSuchBucketPolicy", "NoSuchLifecycleConfiguration", "NoSuchTagSet"],
  ...["ObjectLockConfigurationNotFoundError", "ServerSideEncryptionConfigurationNotFoundError"],
  ...["NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError"],
];

export const isAbsent = (error: unknown): boolean => error instanceof S3ServiceException && absent.includes(error.name);

/** Runs one request; what the store refuses becomes a sentence that names the operation, the bucket and the store. */
export async function asking<Answer>(store: Store, operation: string, bucket: string, request: () => Promise<Answer>) {
  try {
    return await request();
  } catch (error) {
    if (isAbsent(error) || !(error instanceof Error)) throw error;
    const what = `${operation} on ${bucket} at ${store.name}`;
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (error.name === "NotImplemented" || status === 501) {
      const mend = "name the gap in the store's capability list and leave this resource out";
      throw new Error(`${what}: the store does not implement it (${error.name}); ${mend}`, { cause: error });
    }
    throw new Error(`${what}: refused with ${error.name}: ${error.message}`, { cause: error });
  }
}
