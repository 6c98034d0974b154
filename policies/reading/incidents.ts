import type { CloudEvent } from "./event-pattern";

/** What a person has to hear of at once, in groups: who listens for one of a group and not for another hears half. */
export interface Watch {
  readonly of: string;
  readonly incidents: readonly { readonly name: string; readonly event: CloudEvent }[];
}

const calls = (service: string, ...names: readonly string[]): Watch["incidents"] =>
  names.map((eventName) => ({
    name: eventName,
    event: {
      source: `aws.${service}`,
      "detail-type": "AWS API Call via CloudTrail",
      detail: { eventSource: `${service}.amazonaws.com`, eventName },
    },
  }));

/** GuardDuty's bands begin at 1, 4, 7 and 9: medium, high and critical are heard of. */
const findings = [4, 7, 9].map((severity) => ({
  name: `a finding of severity ${severity}`,
  event: { source: "aws.guardduty", "detail-type": "GuardDuty Finding", detail: { severity } },
}));

/** PCI DSS 10.7.2: that a control which watches has failed is itself heard of. */
export const watches: readonly Watch[] = [
  { of: "the trail", incidents: calls("cloudtrail", "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors") },
  { of: "keys", incidents: calls("kms", "DisableKey", "ScheduleKeyDeletion", "DisableKeyRotation", "PutKeyPolicy") },
  {
    of: "the record of changes",
    incidents: calls(
      "config",
      "StopConfigurationRecorder",
      "DeleteConfigurationRecorder",
      "DeleteDeliveryChannel",
      "DeleteConformancePack",
    ),
  },
  { of: "the detector", incidents: calls("guardduty", "DeleteDetector", "UpdateDetector", "CreateFilter") },
  { of: "what the detector finds", incidents: findings },
  {
    of: "access from outside",
    incidents: [
      {
        name: "an active finding",
        event: {
          source: "aws.access-analyzer",
          "detail-type": "Access Analyzer Finding",
          detail: { status: "ACTIVE" },
        },
      },
    ],
  },
];
