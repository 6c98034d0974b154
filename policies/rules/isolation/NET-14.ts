import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const net14: Rule = {
  id: "NET-14",
  title: "Instances ask for metadata with a token, one hop away at most",
  severity: "high",
  scope: "resource",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  remediation: "Set metadataOptions.httpTokens: required and httpPutResponseHopLimit: 1.",
  supports: controlsOf("NET-14"),
  check(template, examination) {
    const options = template.props.metadataOptions ?? {};
    if (options.httpEndpoint === "disabled") return examination.ask("metadataOptions.httpEndpoint", () => undefined);
    examination.ask("metadataOptions.httpTokens", () =>
      options.httpTokens === "required" ? undefined : "metadata is given without a token",
    );
    examination.ask("metadataOptions.httpPutResponseHopLimit", () =>
      options.httpPutResponseHopLimit === 1
        ? undefined
        : `the hop limit is ${options.httpPutResponseHopLimit ?? "absent"}; wanted 1`,
    );
  },
};
