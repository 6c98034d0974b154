import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { freePorts } from "../processes/free-ports";
import { writePrivateFile } from "../processes/private-file";
import type { Supervisor } from "../processes/supervisor";

export interface ObjectStoreOptions {
  /** The rehearsal's directory, absolute; buckets and the root credentials stay there for the next start. */
  readonly directory: string;
  /** Absolute path of the `versitygw` program. */
  readonly binary: string;
  /** The region its signatures name. @default us-east-1 */
  readonly region?: string;
  /** Of its folder, its server and its port: a rehearsal may have more than one. @default object-store */
  readonly name?: string;
}

const credentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

export interface ObjectStore extends z.infer<typeof credentials> {
  /** Such as `http://127.0.0.1:40126`: loopback only, and therefore without TLS. Buckets are in the path. */
  readonly endpoint: string;
  readonly region: string;
  /** The file that holds the credentials, mode 0600. */
  readonly credentialsPath: string;
}

/**
 * Types of the aws provider that versitygw 1.8 does not take: `NotImplemented` for all but the policy, of which it refuses
 * the condition keys for TLS. An environment's own store may have them: they are then checked and computed, and named as
 * such, instead of sent.
 */
export const lackingTypes = [
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
];

/** No bucket's name may hold an underscore, so this path can never be one. */
const HEALTH = "/_health";

/**
 * Starts a real S3 server with versions and object lock over a folder of the rehearsal, on loopback only.
 *
 * @throws ServerError when it does not start, with the end of its log.
 */
export async function startObjectStore(options: ObjectStoreOptions, supervisor: Supervisor): Promise<ObjectStore> {
  const { binary, region = "us-east-1", name = "object-store" } = options;
  const directory = join(options.directory, name);
  const [data, versions] = [join(directory, "data"), join(directory, "versions")];
  // Versions lie outside the data: a folder inside it would show as a bucket.
  for (const path of [data, versions]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const { [name]: port = 0 } = await freePorts(options.directory, [name]);
  const credentialsPath = join(directory, "credentials.json");
  const root = rootCredentials(credentialsPath);
  await supervisor.startServer({
    name,
    command: binary,
    args: [
      ...["--port", `127.0.0.1:${port}`, "--region", region, "--health", HEALTH, "--quiet"],
      ...["posix", "--versioning-dir", versions, data],
    ],
    environment: { ROOT_ACCESS_KEY: root.accessKeyId, ROOT_SECRET_KEY: root.secretAccessKey },
    port,
    ready: { url: `http://127.0.0.1:${port}${HEALTH}` },
  });
  return { endpoint: `http://127.0.0.1:${port}`, region, ...root, credentialsPath };
}

function rootCredentials(path: string): z.infer<typeof credentials> {
  try {
    return credentials.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const fresh = {
    accessKeyId: randomBytes(10).toString("hex").toUpperCase(),
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  writePrivateFile(path, JSON.stringify(fresh));
  return fresh;
}
