import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { catches } from "../../reading/event-pattern";
import { watches } from "../../reading/incidents";
import { askOrganisation, guardrails } from "../../reading/organisation";
import { covers, statementsOf } from "../../reading/policy-document";
import type { Properties, Rule } from "../../rule";

type Looks = (props: Properties, examination: Examination) => void;

/** What blinds the record or destroys a key: nobody has a reason to. */
const blinding = [
  "access-analyzer:DeleteAnalyzer",
  "cloudtrail:DeleteTrail",
  "cloudtrail:StopLogging",
  "config:DeleteConfigurationRecorder",
  "config:DeleteDeliveryChannel",
  "config:StopConfigurationRecorder",
  "guardduty:DeleteDetector",
  "guardduty:DisassociateFromAdministratorAccount",
  "guardduty:StopMonitoringMembers",
  "kms:DeleteImportedKeyMaterial",
  "kms:DisableKeyRotation",
  "kms:ScheduleKeyDeletion",
];
/** What changes how much is recorded, found or kept from the public: those who deploy may. */
const retuning = [
  "cloudtrail:PutEventSelectors",
  "cloudtrail:UpdateTrail",
  "config:PutConfigurationRecorder",
  "config:PutDeliveryChannel",
  "guardduty:UpdateDetector",
  "s3:PutAccountPublicAccessBlock",
];

/** Asks that a property is there. */
const given =
  (property: string, wrong: string): Looks =>
  (props, examination) =>
    examination.ask(property, () => (props[property] ? undefined : wrong));

/** What each kind must be like to watch at all. */
const looks: Readonly<Record<string, Looks>> = {
  "aws:guardduty/detector:Detector": (props, examination) => {
    examination.ask("enable", () => (props.enable === false ? "the detector is off" : undefined));
    examination.ask("findingPublishingFrequency", () =>
      props.findingPublishingFrequency === "SIX_HOURS" ? "findings come after six hours" : undefined,
    );
  },
  "aws:guardduty/detectorFeature:DetectorFeature": (props, examination) => {
    examination.ask("status", () => (props.status === "ENABLED" ? undefined : "a part of the detector is off"));
  },
  "aws:accessanalyzer/analyzer:Analyzer": (props, examination) => {
    examination.ask("type", () =>
      /^(ACCOUNT|ORGANIZATION)$/.test(String(props.type ?? "ACCOUNT"))
        ? undefined
        : `an analyzer of the type ${String(props.type)} does not look for access from outside`,
    );
  },
  "aws:cfg/recorder:Recorder": (props, examination) => {
    examination.ask("recordingGroup", () => {
      const { allSupported, includeGlobalResourceTypes } = (props.recordingGroup ?? {}) as Record<string, unknown>;
      if (allSupported !== true) return "only some kinds of resource are recorded";
      return includeGlobalResourceTypes === true ? undefined : "identities are not recorded";
    });
  },
  "aws:cfg/recorderStatus:RecorderStatus": (props, examination) => {
    examination.ask("isEnabled", () => (props.isEnabled === true ? undefined : "changes are not recorded"));
  },
  "aws:cfg/deliveryChannel:DeliveryChannel": (props, examination) => {
    given("s3BucketName", "the record of changes is delivered to no bucket")(props, examination);
    given("s3KmsKeyArn", "the record of changes is delivered under no key of one's own")(props, examination);
  },
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": given("arn", "what the event rule catches goes nowhere"),
  "aws:sns/topicPolicy:TopicPolicy": (props, examination) => {
    examination.ask("policy", () => {
      const may = statementsOf(props.policy).some(
        ({ allows, actions, principals }) =>
          allows && actions.some((one) => covers(one, "sns:Publish")) && principals.length > 0,
      );
      return may ? undefined : "nobody may raise the alarm";
    });
  },
  [guardrails]: (props, examination) => {
    askOrganisation(props, examination, blinding);
    askOrganisation(props, examination, retuning, true);
  },
  "aws:sns/topicSubscription:TopicSubscription": (props, examination) => {
    given("protocol", "no way is named on which the alarm travels")(props, examination);
    given("endpoint", "the alarm reaches nobody")(props, examination);
  },
};

/** Holds what the rule catches against what has to be heard of; a rule that catches none of it is for something else. */
function eventRule(props: Properties, examination: Examination): void {
  examination.within("eventPattern", () => {
    const text = props.eventPattern as string | undefined;
    if (text === undefined) return examination.notApplicable("the rule goes by the clock");
    let watched: { readonly of: string; readonly missed: readonly string[] }[];
    try {
      watched = watchedBy(JSON.parse(text));
    } catch (error) {
      return examination.undecided("eventPattern", error instanceof Error ? error.message : String(error));
    }
    if (watched.length === 0) return examination.notApplicable("the rule watches something else");
    for (const { of, missed } of watched)
      examination.ask("eventPattern", () =>
        missed.length === 0 ? undefined : `of ${of}, this raises no alarm: ${missed.join(", ")}`,
      );
    examination.ask("state", () => (props.state === "DISABLED" ? "the rule is off" : undefined));
  });
}

/** What a pattern listens for, and what of it escapes it. */
const watchedBy = (pattern: unknown) =>
  watches
    .map(({ of, incidents }) => ({
      of,
      all: incidents.length,
      missed: incidents.filter(({ event }) => !catches(pattern, event)).map(({ name }) => name),
    }))
    .filter(({ all, missed }) => missed.length < all);

export const aud08: Rule = {
  id: "AUD-08",
  title: "Stopping the trail or disabling a key raises an alarm",
  severity: "medium",
  scope: "resource",
  types: Object.keys(looks),
  remediation:
    "Enable GuardDuty with findings every 15 minutes, Config for all kinds and an access analyzer, and let event rules on what silences them, the trail or a key reach a person.",
  supports: controlsOf("AUD-08"),
  check({ type, props }, examination) {
    looks[type]?.(props, examination);
  },
};
