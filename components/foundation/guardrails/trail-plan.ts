import { dataClassNames } from "../../data-classes";
import { arnOf, type Place } from "../private-cloud/place";
import { bucketName } from "../storage/object-store-plan";
import { recordBucket } from "./guardrail-names";

/** One condition of a selector, in the trail's own words. */
interface FieldSelector {
  readonly field: string;
  readonly equals?: string[];
  readonly notEquals?: string[];
  readonly startsWiths?: string[];
}
export interface EventSelector {
  readonly name: string;
  readonly fieldSelectors: FieldSelector[];
}

/**
 * What the trail records: every call that manages something, and every access to an object of the environment. CloudTrail's
 * own deliveries are writes to the audit bucket, and recording them would make more of them without end: there, writes
 * are left to the lock, which keeps every version.
 */
export function planEventSelectors(place: Place, organisation: string): EventSelector[] {
  const objects = (bucket: string): string => `${arnOf.bucket(place, bucket)}/`;
  const named = (dataClass: (typeof dataClassNames)[number]) =>
    objects(bucketName(organisation, place.environment, dataClass));
  const others = dataClassNames.filter((name) => name !== "audit").map(named);
  const ofObjects = (startsWiths: string[]): FieldSelector[] => [
    { field: "eventCategory", equals: ["Data"] },
    { field: "resources.type", equals: ["AWS::S3::Object"] },
    { field: "resources.ARN", startsWiths },
  ];
  return [
    { name: "Management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    {
      name: "Objects",
      fieldSelectors: ofObjects([...others, objects(recordBucket(organisation, place.environment))]),
    },
    {
      name: "Objects of the record",
      fieldSelectors: [...ofObjects([named("audit")]), { field: "eventName", notEquals: ["PutObject"] }],
    },
  ];
}
