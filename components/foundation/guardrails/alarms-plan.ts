import type { Place } from "../private-cloud/place";
import { forAccount, policyDocument } from "../private-cloud/policy-document";
import { guardrailArns } from "./guardrail-names";

/** One kind of event that reaches a person at once. */
export interface AlarmPlan {
  /** Part of a resource's name. */
  readonly suffix: string;
  readonly description: string;
  /** JSON of the event pattern. */
  readonly pattern: string;
}

const calls = (source: string, eventNames: readonly string[]): string =>
  JSON.stringify({
    source: [`aws.${source}`],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: { eventSource: [`${source}.amazonaws.com`], eventName: eventNames },
  });

/** Calls that blind the guardrails or destroy a key, and what GuardDuty and the access analyzer find. */
export const alarms: readonly AlarmPlan[] = [
  {
    suffix: "trail",
    description: "The trail was stopped, changed or deleted",
    pattern: calls("cloudtrail", ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"]),
  },
  {
    suffix: "keys",
    description: "A key was disabled, or is to be deleted, or its policy was changed",
    pattern: calls("kms", ["DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"]),
  },
  {
    suffix: "recorder",
    description: "AWS Config was stopped or its delivery was deleted",
    pattern: calls("config", [
      "DeleteConfigurationRecorder",
      "DeleteConformancePack",
      "DeleteDeliveryChannel",
      "StopConfigurationRecorder",
    ]),
  },
  {
    suffix: "detector",
    description: "GuardDuty was switched off or told to be silent",
    pattern: calls("guardduty", ["CreateFilter", "DeleteDetector", "UpdateDetector"]),
  },
  {
    suffix: "findings",
    description: "GuardDuty found something of medium severity or more",
    pattern: JSON.stringify({
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: [">=", 4] }] },
    }),
  },
  {
    suffix: "access",
    description: "Something can be reached from outside the account",
    pattern: JSON.stringify({
      source: ["aws.access-analyzer"],
      "detail-type": ["Access Analyzer Finding"],
      detail: { status: ["ACTIVE"] },
    }),
  },
];

/** Only EventBridge publishes, for rules of this account. */
export const topicPolicy = (place: Place): string =>
  policyDocument([
    {
      Sid: "EventsPublish",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: guardrailArns.alarms(place),
      Condition: forAccount(place.account),
    },
    {
      Sid: "DenyPlaintext",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: guardrailArns.alarms(place),
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
