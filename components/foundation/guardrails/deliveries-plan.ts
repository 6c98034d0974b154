import type { DataClassName } from "../../data-classes";
import { arnOf, type Place } from "../private-cloud/place";
import type { Statement } from "../private-cloud/policy-document";
import { bucketName, type Delivery } from "../storage/object-store-plan";
import { guardrailArns, guardrailNames, trailPrefix } from "./guardrail-names";

/** What the guardrails put into the buckets of data classes: the trail and the copies of the recorder's files. */
export function planDeliveries(place: Place, organisation: string): Partial<Record<DataClassName, Delivery>> {
  const audit = arnOf.bucket(place, bucketName(organisation, place.environment, "audit"));
  return {
    audit: {
      deliverers: [arnOf.role(place, guardrailNames(place).roles.copier)],
      statements: trailDelivery(place, audit),
    },
  };
}

/** CloudTrail looks at the bucket before it writes, and writes for this trail alone. */
function trailDelivery(place: Place, bucket: string): Statement[] {
  const forTrail = { "aws:SourceArn": guardrailArns.trail(place) };
  const cloudTrail = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } } as const;
  return [
    {
      ...cloudTrail,
      Sid: "TrailLooks",
      Action: "s3:GetBucketAcl",
      Resource: bucket,
      Condition: { StringEquals: forTrail },
    },
    {
      ...cloudTrail,
      Sid: "TrailWrites",
      Action: "s3:PutObject",
      Resource: `${bucket}/${trailPrefix}/AWSLogs/${place.account}/*`,
      Condition: { StringEquals: { ...forTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}
