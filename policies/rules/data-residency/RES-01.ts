import { controlsOf } from "../../catalogue";
import { transferWrong } from "../../controls/transfers";
import type { Examination } from "../../examination";
import { s3Endpoints, settingList } from "../../reading/provider-settings";
import { need, type Settings } from "../../settings";
import type { Properties, Rule } from "../../rule";

/** A region's name says little where the account, or the store itself, is somebody else's. */
function whereItLeads(props: Properties, examination: Examination, { footprint }: Settings): void {
  if (footprint === "private-cloud") {
    return examination.ask("allowedAccountIds", () =>
      settingList(props.allowedAccountIds).some((id) => /^\d{12}$/.test(String(id)))
        ? undefined
        : "it works in whatever account its credentials are of",
    );
  }
  if (footprint === undefined) return;
  examination.ask("endpoints", () =>
    s3Endpoints(props).some((address) => /^https?:\/\//.test(address))
      ? undefined
      : "it names no store of the site's own, so data goes to AWS",
  );
}

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
    if (subject.type === "pulumi:providers:aws") whereItLeads(subject.props, examination, settings);
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
