import { controlsOf } from "../../catalogue";
import { bucketTypes } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

interface FieldSelector {
  readonly equals?: readonly string[];
  readonly startsWiths?: readonly string[];
}

/** ARNs, or beginnings of ARNs, whose objects are on the record; one that holds every bucket ends in `:::`. */
function advanced(props: Properties): string[] {
  const selectors = (props.advancedEventSelectors ?? []) as Properties[];
  return selectors.flatMap((selector) => {
    const fields = (selector.fieldSelectors ?? []) as Properties[];
    const of = (name: string) => fields.find(({ field }) => field === name) as FieldSelector | undefined;
    if (!of("resources.type")?.equals?.includes("AWS::S3::Object") || of("readOnly") !== undefined) return [];
    const resources = of("resources.ARN");
    if (resources === undefined) return ["arn:aws:s3:::"];
    return [...(resources.startsWiths ?? []), ...(resources.equals ?? [])];
  });
}

function basic(props: Properties): string[] {
  const selectors = (props.eventSelectors ?? []) as Properties[];
  return selectors
    .filter(({ readWriteType }) => readWriteType === undefined || readWriteType === "All")
    .flatMap((selector): Properties[] => (selector.dataResources ?? []) as Properties[])
    .filter(({ type }) => type === "AWS::S3::Object")
    .flatMap(({ values }) => values as string[]);
}

export const aud02: Rule = {
  id: "AUD-02",
  title: "The cloud trail records reads of weights and data sets",
  severity: "high",
  scope: "stack",
  types: ["aws:cloudtrail/trail:Trail"],
  remediation: "Record data events of AWS::S3::Object for every bucket of the environment, reads and writes.",
  supports: controlsOf("AUD-02"),
  check(trail, examination, context) {
    examination.ask("management events", () => {
      const selectors = (trail.props.advancedEventSelectors ?? []) as Properties[];
      if (selectors.length === 0) {
        const basics = (trail.props.eventSelectors ?? []) as Properties[];
        return basics.some(({ includeManagementEvents }) => includeManagementEvents === false)
          ? "changes of the account are not on the record"
          : undefined;
      }
      const whole = selectors.some(({ fieldSelectors }) => {
        const fields = (fieldSelectors ?? []) as Properties[];
        return (
          fields.length === 1 &&
          fields[0]?.field === "eventCategory" &&
          (fields[0]?.equals as string[] | undefined)?.includes("Management")
        );
      });
      return whole ? undefined : "changes of the account are not on the record whole";
    });
    examination.ask("eventSelectors", () => {
      const covered = [...advanced(trail.props), ...basic(trail.props)];
      if (covered.length === 0) return "no data events of S3 objects are recorded";
      const buckets = context.resources.filter(({ type }) => bucketTypes.includes(type));
      const names = buckets.map(({ props }) => String(props.bucket));
      const unseen = names.filter(
        (name) => !covered.some((arn) => arn === "arn:aws:s3" || arn.endsWith(":s3:::") || arn.includes(`:::${name}/`)),
      );
      return unseen.length === 0 ? undefined : `what happens to objects of ${unseen.join(", ")} is not recorded`;
    });
  },
};
