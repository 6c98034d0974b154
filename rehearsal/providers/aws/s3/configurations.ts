import * as s3 from "@aws-sdk/client-s3";
import { equal } from "../../property-path";
import type { Json, Properties } from "../../provider";
import type { Observed } from "../requests/observed";
import { asking } from "./store";
import type { Store } from "./store";
import { fromWire, toWire } from "./wire";

/** What one kind asks of the store. All of it may be asked again after a run that was stopped half-way. */
export interface Operations {
  put(store: Store, inputs: Properties, context: PutContext): Promise<void>;
  /** Throws an absence where the bucket or its configuration is gone. */
  get(store: Store, inputs: Properties): Promise<Observed>;
  remove(store: Store, inputs: Properties): Promise<void>;
}

export interface PutContext {
  readonly isNew: boolean;
  readonly tags: Properties;
  readonly warn: (message: string) => void;
}

const nameOf = (inputs: Properties): string => inputs.bucket as string;
const owner = (inputs: Properties) => ({
  Bucket: nameOf(inputs),
  ...(inputs.expectedBucketOwner !== undefined && { ExpectedBucketOwner: inputs.expectedBucketOwner as string }),
});
const wire = <Shape>(value: Json | undefined): Shape => toWire(value ?? {}) as Shape;

/** The same document, whatever its spacing and order, stays as it was written. */
function sameText(declared: Json | undefined, found: string | undefined): Json | undefined {
  if (found === undefined || typeof declared !== "string") return found;
  return equal(JSON.parse(declared) as Json, JSON.parse(found) as Json) ? declared : found;
}

async function putLock(store: Store, inputs: Properties, rule: Json | undefined): Promise<void> {
  const ObjectLockConfiguration = {
    ObjectLockEnabled: "Enabled" as const,
    ...(rule ? { Rule: wire<s3.ObjectLockRule>(rule) } : {}),
  };
  const request = new s3.PutObjectLockConfigurationCommand({
    ...owner(inputs),
    ...(inputs.token !== undefined && { Token: inputs.token as string }),
    ObjectLockConfiguration,
  });
  await asking(store, "PutObjectLockConfiguration", nameOf(inputs), () => store.client.send(request));
}

async function putVersioning(store: Store, inputs: Properties, configuration: Json | undefined): Promise<void> {
  const VersioningConfiguration = wire<s3.VersioningConfiguration>(configuration);
  const request = new s3.PutBucketVersioningCommand({ ...owner(inputs), VersioningConfiguration });
  await asking(store, "PutBucketVersioning", nameOf(inputs), () => store.client.send(request));
}

const accessFlags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const configurations: Readonly<Record<string, Operations>> = {
  "aws:s3/bucketVersioning:BucketVersioning": {
    put: (store, inputs) => putVersioning(store, inputs, inputs.versioningConfiguration),
    get: async (store, inputs) => {
      const request = new s3.GetBucketVersioningCommand(owner(inputs));
      const { Status = "Disabled", MFADelete } = await asking(store, "GetBucketVersioning", nameOf(inputs), () =>
        store.client.send(request),
      );
      return { versioningConfiguration: { status: Status, ...(MFADelete && { mfaDelete: MFADelete }) } };
    },
    remove: async (store, inputs) => {
      const lock = new s3.GetObjectLockConfigurationCommand(owner(inputs));
      const isLocked = await store.client.send(lock).then(
        ({ ObjectLockConfiguration }) => ObjectLockConfiguration?.ObjectLockEnabled === "Enabled",
        () => false,
      );
      // Versioning of a locked bucket cannot be suspended; it ends with the bucket.
      if (!isLocked) await putVersioning(store, inputs, { status: "Suspended" });
    },
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    put: (store, inputs) => putLock(store, inputs, inputs.rule),
    get: async (store, inputs) => {
      const request = new s3.GetObjectLockConfigurationCommand(owner(inputs));
      const { ObjectLockConfiguration } = await asking(store, "GetObjectLockConfiguration", nameOf(inputs), () =>
        store.client.send(request),
      );
      // Some stores answer an empty rule where there is none.
      const { Rule, ObjectLockEnabled } = ObjectLockConfiguration ?? {};
      return { objectLockEnabled: ObjectLockEnabled, rule: Rule?.DefaultRetention && fromWire(Rule) };
    },
    // The lock itself cannot be taken off a bucket; what goes is the retention that new objects would get.
    remove: (store, inputs) => putLock(store, inputs, undefined),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    put: async (store, inputs) => {
      const Rules = wire<s3.ServerSideEncryptionRule[]>(inputs.rules);
      const request = new s3.PutBucketEncryptionCommand({
        ...owner(inputs),
        ServerSideEncryptionConfiguration: { Rules },
      });
      await asking(store, "PutBucketEncryption", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetBucketEncryptionCommand(owner(inputs));
      const answer = await asking(store, "GetBucketEncryption", nameOf(inputs), () => store.client.send(request));
      return { rules: fromWire(answer.ServerSideEncryptionConfiguration?.Rules ?? []) };
    },
    remove: async (store, inputs) => {
      const request = new s3.DeleteBucketEncryptionCommand(owner(inputs));
      await asking(store, "DeleteBucketEncryption", nameOf(inputs), () => store.client.send(request));
    },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    put: async (store, inputs) => {
      const flags = Object.fromEntries(accessFlags.map((flag) => [flag, inputs[flag] ?? false]));
      const PublicAccessBlockConfiguration = wire<s3.PublicAccessBlockConfiguration>(flags);
      const request = new s3.PutPublicAccessBlockCommand({ ...owner(inputs), PublicAccessBlockConfiguration });
      await asking(store, "PutPublicAccessBlock", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetPublicAccessBlockCommand(owner(inputs));
      const answer = await asking(store, "GetPublicAccessBlock", nameOf(inputs), () => store.client.send(request));
      return fromWire(answer.PublicAccessBlockConfiguration ?? {}) as Properties;
    },
    remove: async (store, inputs) => {
      const request = new s3.DeletePublicAccessBlockCommand(owner(inputs));
      await asking(store, "DeletePublicAccessBlock", nameOf(inputs), () => store.client.send(request));
    },
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    put: async (store, inputs) => {
      const request = new s3.PutBucketPolicyCommand({ ...owner(inputs), Policy: inputs.policy as string });
      await asking(store, "PutBucketPolicy", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetBucketPolicyCommand(owner(inputs));
      const { Policy } = await asking(store, "GetBucketPolicy", nameOf(inputs), () => store.client.send(request));
      return { policy: sameText(inputs.policy, Policy) };
    },
    remove: async (store, inputs) => {
      const request = new s3.DeleteBucketPolicyCommand(owner(inputs));
      await asking(store, "DeleteBucketPolicy", nameOf(inputs), () => store.client.send(request));
    },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    put: async (store, inputs) => {
      const Rules = wire<s3.LifecycleRule[]>(inputs.rules ?? []);
      const request = new s3.PutBucketLifecycleConfigurationCommand({
        ...owner(inputs),
        LifecycleConfiguration: { Rules },
      });
      await asking(store, "PutBucketLifecycleConfiguration", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetBucketLifecycleConfigurationCommand(owner(inputs));
      const { Rules = [] } = await asking(store, "GetBucketLifecycleConfiguration", nameOf(inputs), () =>
        store.client.send(request),
      );
      return { rules: fromWire(Rules) };
    },
    remove: async (store, inputs) => {
      const request = new s3.DeleteBucketLifecycleCommand(owner(inputs));
      await asking(store, "DeleteBucketLifecycle", nameOf(inputs), () => store.client.send(request));
    },
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    put: async (store, inputs) => {
      const OwnershipControls = { Rules: [wire<s3.OwnershipControlsRule>(inputs.rule)] };
      const request = new s3.PutBucketOwnershipControlsCommand({ ...owner(inputs), OwnershipControls });
      await asking(store, "PutBucketOwnershipControls", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetBucketOwnershipControlsCommand(owner(inputs));
      const answer = await asking(store, "GetBucketOwnershipControls", nameOf(inputs), () =>
        store.client.send(request),
      );
      const [rule] = answer.OwnershipControls?.Rules ?? [];
      return { rule: rule && fromWire(rule) };
    },
    remove: async (store, inputs) => {
      const request = new s3.DeleteBucketOwnershipControlsCommand(owner(inputs));
      await asking(store, "DeleteBucketOwnershipControls", nameOf(inputs), () => store.client.send(request));
    },
  },
  "aws:s3/bucketLogging:BucketLogging": {
    put: async (store, inputs) => {
      const { targetBucket, targetPrefix, targetGrants, targetObjectKeyFormat } = inputs;
      const LoggingEnabled = wire<s3.LoggingEnabled>({
        ...({ targetBucket, targetPrefix } as Properties),
        ...(targetGrants !== undefined && { targetGrants }),
        ...(targetObjectKeyFormat !== undefined && { targetObjectKeyFormat }),
      });
      const request = new s3.PutBucketLoggingCommand({ ...owner(inputs), BucketLoggingStatus: { LoggingEnabled } });
      await asking(store, "PutBucketLogging", nameOf(inputs), () => store.client.send(request));
    },
    get: async (store, inputs) => {
      const request = new s3.GetBucketLoggingCommand(owner(inputs));
      const { LoggingEnabled } = await asking(store, "GetBucketLogging", nameOf(inputs), () =>
        store.client.send(request),
      );
      return { targetBucket: undefined, targetPrefix: undefined, ...(fromWire(LoggingEnabled ?? {}) as Properties) };
    },
    remove: async (store, inputs) => {
      const request = new s3.PutBucketLoggingCommand({ ...owner(inputs), BucketLoggingStatus: {} });
      await asking(store, "PutBucketLogging", nameOf(inputs), () => store.client.send(request));
    },
  },
};
