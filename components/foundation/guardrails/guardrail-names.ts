import { partitionOf, prefixOf, type Place } from "../private-cloud/place";

/** Names of the account's guardrails. Plain, not autonamed: key and bucket policies name them before they exist. */
export const guardrailNames = (place: Place) => ({
  trail: prefixOf(place),
  /** Topic of the alarms. */
  alarms: `${prefixOf(place)}-alarms`,
  backups: prefixOf(place),
  roles: {
    /** Of AWS Config, which records every resource. */
    recorder: `${prefixOf(place)}-recorder`,
    /** Of S3, which copies the recorder's files under the lock. */
    copier: `${prefixOf(place)}-copier`,
    /** Of AWS Backup. */
    backup: `${prefixOf(place)}-backup`,
  },
});

/** Name of the bucket that AWS Config delivers into. At most 48 characters. */
export const recordBucket = (organisation: string, environment: string): string =>
  `${organisation}-${environment}-config`;

/** Part of the audit bucket that belongs to the trail. */
export const trailPrefix = "cloudtrail";

export const guardrailArns = {
  trail: (place: Place): string =>
    `arn:${partitionOf(place.region)}:cloudtrail:${place.region}:${place.account}:trail/${guardrailNames(place).trail}`,
  alarms: (place: Place): string =>
    `arn:${partitionOf(place.region)}:sns:${place.region}:${place.account}:${guardrailNames(place).alarms}`,
};
