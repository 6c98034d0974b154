import type { Examination } from "../examination";
import type { Context, Properties, Subject } from "../rule";
import type { ExcusableCapability } from "../settings";
import { linked } from "./links";
import { DATA_CLASS_LABEL } from "./zones";

export const bucketTypes: readonly string[] = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

const namedClasses = [
  "raw",
  "sanitised",
  "transcripts",
  "vectors",
  "weights",
  "audit",
  "quarantine",
  "backups",
  "state",
];

/** The class of data in a bucket: its tag, or else the last part of its Pulumi name when that is a class. */
export function dataClassOf(bucket: Subject): string | undefined {
  const tag = bucket.props.tags?.[DATA_CLASS_LABEL] as string | undefined;
  return tag ?? namedClassOf(bucket);
}

/** The class that a Pulumi name ends in. */
export const namedClassOf = ({ name }: Pick<Subject, "name">): string | undefined =>
  namedClasses.find((known) => name === known || name.endsWith(`-${known}`));

/**
 * Asks about the sibling resource that configures one aspect of a bucket, such as `BucketVersioning`. Without one the
 * rule fails; with one whose bucket is not known yet the verdict is open.
 */
export function askSibling(
  bucket: Subject,
  kind: string,
  examination: Examination,
  context: Context,
  question: (sibling: Properties) => string | undefined,
): void {
  const types = [`aws:s3/*:${kind}`, `aws:s3/*:${kind}V2`];
  const identities = [() => bucket.props.bucket as unknown, () => bucket.props.id as unknown];
  const { found, uncertain } = linked(bucket, types, "bucket", context, identities);
  if (found.length === 0 && uncertain) {
    examination.undecided("", `whether a ${kind} belongs to this bucket can't be known yet`);
  } else if (found.length === 0) {
    examination.ask("", () => `no ${kind} configures this bucket`);
  }
  for (const sibling of found) examination.ask(`${kind} ${sibling.name}`, () => question(sibling.props));
}

/**
 * Deals with a store that lacks what a rule asks for. A gap with a named compensation makes the rule not applicable,
 * with the compensation in the message; a gap without one fails. Returns true when the rule is thereby done.
 */
export function lacks(capability: ExcusableCapability, examination: Examination, context: Context): boolean {
  const store = context.settings.objectStore;
  if (!store || store.capabilities.includes(capability)) return false;
  const compensation = store.compensations?.[capability];
  if (compensation) {
    examination.notApplicable(`the object store has no ${capability}; named compensation: ${compensation}`);
  } else {
    examination.ask("", () => `the object store has no ${capability}, and no compensation is named for it`);
  }
  return true;
}

/** The default retentions of a bucket's versions; none where it has no lock. */
export function retentionsOf(bucket: Subject, context: Context): Properties[] {
  const types = ["aws:s3/*:BucketObjectLockConfiguration", "aws:s3/*:BucketObjectLockConfigurationV2"];
  const { found } = linked(bucket, types, "bucket", context, [() => bucket.props.bucket as unknown]);
  return found.map(({ props }): Properties => props.rule?.defaultRetention);
}

/** Days of a default retention, which is given in days or in years; 0 where there is none. */
export const retentionDays = (retention: Properties): number =>
  Number(retention?.days ?? 0) + Number(retention?.years ?? 0) * 365;
