import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

/** The longest that a log group can be told, days. */
const longestDays = 3653;

export const aud05: Rule = {
  id: "AUD-05",
  title: "Log groups keep a year",
  severity: "high",
  scope: "resource",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  remediation: "Set retentionInDays to 365 or more.",
  supports: controlsOf("AUD-05"),
  check(group, examination) {
    examination.ask("retentionInDays", () => {
      const days = Number(group.props.retentionInDays ?? 0);
      // Zero keeps for ever, which no retention schedule answers for.
      if (days > longestDays) return `${days} days; ten years at most`;
      return days >= 365 ? undefined : days === 0 ? "no retention is set" : `${days} days; a year or more is asked for`;
    });
  },
};
