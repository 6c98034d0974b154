import { controlsOf } from "../../catalogue";
import { transferWrong } from "../../controls/transfers";
import { need } from "../../settings";
import type { Rule } from "../../rule";

export const res01: Rule = {
  id: "RES-01",
  title: "Every provider and every resource is in an allowed region",
  severity: "critical",
  scope: "resource",
  types: ["pulumi:providers:aws", "aws:*"],
  remediation: "Set the provider's region, and the resource's own if it has one, to an allowed region.",
  supports: controlsOf("RES-01"),
  check(subject, examination, { settings }) {
    const own = subject.props.region as string | undefined;
    const given = (subject.provider?.region ?? undefined) as string | undefined;
    if (own === undefined && given === undefined) {
      return examination.undecided("region", "neither the resource nor its provider names a region");
    }
    for (const [path, region] of [
      ["region", own],
      ["provider.region", given],
    ] as const) {
      if (region === undefined) continue;
      examination.ask(path, () => {
        const allowed = need(settings, "allowedRegions");
        if (!allowed.includes(region)) return `${region} is not one of ${allowed.join(", ")}`;
        return transferWrong(region, settings);
      });
    }
  },
};
