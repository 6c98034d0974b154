import { controlsOf } from "../../catalogue";
import { parametersOf } from "../../controls/parameters";
import type { Rule } from "../../rule";

export const aud05: Rule = {
  id: "AUD-05",
  title: "Log groups keep a year",
  severity: "high",
  scope: "resource",
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  remediation: "Set retentionInDays to 365 or more.",
  supports: controlsOf("AUD-05"),
  check(group, examination, { settings }) {
    examination.ask("retentionInDays", () => {
      const days = Number(group.props.retentionInDays ?? 0);
      const { logLeast: least, logMost: most } = parametersOf(settings.frameworks);
      // Zero keeps for ever, which no retention schedule answers for.
      if (days === 0) return "no retention is set";
      if (days > most.value) return `${days} days; at most ${most.value} (${most.source})`;
      return days >= least.value ? undefined : `${days} days; at least ${least.value} (${least.source})`;
    });
  },
};
