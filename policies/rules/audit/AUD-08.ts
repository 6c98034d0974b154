import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

/** What blinds the record, and what destroys a key: who watches for one of a row must watch for all of it. */
const together = [
  ["StopLogging", "DeleteTrail"],
  ["DisableKey", "ScheduleKeyDeletion"],
];

export const aud08: Rule = {
  id: "AUD-08",
  title: "Stopping the trail or disabling a key raises an alarm",
  severity: "medium",
  scope: "resource",
  types: [
    "aws:guardduty/detector:Detector",
    "aws:guardduty/detectorFeature:DetectorFeature",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cfg/recorder:Recorder",
    "aws:cfg/recorderStatus:RecorderStatus",
  ],
  remediation:
    "Enable GuardDuty with findings every 15 minutes, and let an event rule on StopLogging, DisableKey and ScheduleKeyDeletion reach a person.",
  supports: controlsOf("AUD-08"),
  check(subject, examination) {
    const { props, type } = subject;
    if (type.endsWith(":DetectorFeature")) {
      return examination.ask("status", () =>
        props.status === "ENABLED" ? undefined : "a part of the detector is off",
      );
    }
    if (type.endsWith(":RecorderStatus")) {
      return examination.ask("isEnabled", () => (props.isEnabled === true ? undefined : "changes are not recorded"));
    }
    if (type.endsWith(":Recorder")) {
      return examination.ask("recordingGroup", () => {
        const { allSupported, includeGlobalResourceTypes } = (props.recordingGroup ?? {}) as Record<string, unknown>;
        if (allSupported !== true) return "only some kinds of resource are recorded";
        return includeGlobalResourceTypes === true ? undefined : "identities are not recorded";
      });
    }
    if (type.endsWith(":Detector")) {
      examination.ask("enable", () => (props.enable === false ? "the detector is off" : undefined));
      return examination.ask("findingPublishingFrequency", () =>
        props.findingPublishingFrequency === "SIX_HOURS" ? "findings come after six hours" : undefined,
      );
    }
    examination.within("eventPattern", () => {
      const pattern = String(props.eventPattern ?? "");
      const watched = together.filter((events) => events.some((event) => pattern.includes(event)));
      if (watched.length === 0) return examination.notApplicable("the rule watches something else");
      for (const event of watched.flat()) {
        examination.ask("eventPattern", () => (pattern.includes(event) ? undefined : `${event} raises no alarm`));
      }
      examination.ask("state", () => (props.state === "DISABLED" ? "the rule is off" : undefined));
    });
  },
};
