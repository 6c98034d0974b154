import { controlsOf } from "../../catalogue";
import { bucketTypes } from "../../reading/object-store";
import { records, type TrailEvent } from "../../reading/event-selectors";
import type { Properties, Rule, Subject } from "../../rule";

/** A person's change of the account, and what may happen to an object: all of it belongs on the record. */
const management = { eventCategory: "Management", eventName: "CreateRole", readOnly: "false" };
const onObject = (partition: string, bucket: string, eventName: string, readOnly: string): TrailEvent => ({
  eventCategory: "Data",
  "resources.type": "AWS::S3::Object",
  "resources.ARN": `arn:${partition}:s3:::${bucket}/a/b`,
  eventName,
  readOnly,
});

/** The cloud that the selectors speak of, such as `aws` or `aws-us-gov`. */
const partitionOf = (selectors: readonly Properties[]): string =>
  /"arn:(aws[\w-]*):s3:/.exec(JSON.stringify(selectors))?.[1] ?? "aws";

/** What of a bucket's objects escapes the record. Writes to the trail's own bucket are left out: each would make another. */
function escapes(selectors: readonly Properties[], partition: string, bucket: string, ownBucket: boolean): string[] {
  const calls = [
    onObject(partition, bucket, "GetObject", "true"),
    onObject(partition, bucket, "DeleteObject", "false"),
    ...(ownBucket ? [] : [onObject(partition, bucket, "PutObject", "false")]),
  ];
  return calls.filter((call) => !records(selectors, call)).map(({ eventName }) => `${eventName} in ${bucket}`);
}

function basic(props: Properties): string[] {
  const selectors = (props.eventSelectors ?? []) as Properties[];
  return selectors
    .filter(({ readWriteType }) => readWriteType === undefined || readWriteType === "All")
    .flatMap((selector): Properties[] => (selector.dataResources ?? []) as Properties[])
    .filter(({ type }) => type === "AWS::S3::Object")
    .flatMap(({ values }) => values as string[]);
}

const seen = (covered: readonly string[], bucket: string): boolean =>
  covered.some((arn) => arn === "arn:aws:s3" || arn.endsWith(":s3:::") || arn.includes(`:::${bucket}/`));

export const aud02: Rule = {
  id: "AUD-02",
  title: "The cloud trail records reads of weights and data sets",
  severity: "high",
  scope: "stack",
  types: ["aws:cloudtrail/trail:Trail"],
  remediation: "Record data events of AWS::S3::Object for every bucket of the environment, reads and writes.",
  supports: controlsOf("AUD-02"),
  check(trail, examination, context) {
    const selectors = (): Properties[] => (trail.props.advancedEventSelectors ?? []) as Properties[];
    examination.ask("management events", () => {
      const basics = (trail.props.eventSelectors ?? []) as Properties[];
      const whole =
        selectors().length > 0
          ? records(selectors(), management) && records(selectors(), { ...management, readOnly: "true" })
          : basics.every(({ includeManagementEvents }) => includeManagementEvents !== false);
      return whole ? undefined : "changes of the account are not on the record whole";
    });
    examination.ask("eventSelectors", () => {
      const buckets = context.resources.filter(({ type }) => bucketTypes.includes(type));
      const own = ({ urn, props }: Subject) =>
        (trail.origins?.s3BucketName ?? []).includes(urn) || props.bucket === trail.props.s3BucketName;
      if (selectors().length === 0) {
        const covered = basic(trail.props);
        const unseen = buckets.map(({ props }) => String(props.bucket)).filter((name) => !seen(covered, name));
        return unseen.length === 0 ? undefined : `what happens to objects of ${unseen.join(", ")} is not recorded`;
      }
      const partition = partitionOf(selectors());
      const unseen = buckets.flatMap((bucket) =>
        escapes(selectors(), partition, String(bucket.props.bucket), own(bucket)),
      );
      return unseen.length === 0 ? undefined : `it does not record ${unseen.join(", ")}`;
    });
    examination.ask("eventSelectors", () => {
      const delivery = onObject(partitionOf(selectors()), String(trail.props.s3BucketName), "PutObject", "false");
      return records(selectors(), delivery)
        ? "each delivery of the trail is recorded and makes another: leave PutObject to its bucket out"
        : undefined;
    });
  },
};
