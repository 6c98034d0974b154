import { controlsOf } from "../../catalogue";
import { linked } from "../../reading/links";
import type { Rule } from "../../rule";

export const aud04: Rule = {
  id: "AUD-04",
  title: "Every network records all its flows",
  severity: "high",
  scope: "stack",
  types: ["aws:ec2/vpc:Vpc"],
  remediation: "Give the VPC a FlowLog with trafficType ALL.",
  supports: controlsOf("AUD-04"),
  check(vpc, examination, context) {
    const { found, uncertain } = linked(vpc, ["aws:ec2/flowLog:FlowLog"], "vpcId", context, [
      () => vpc.props.id as unknown,
    ]);
    if (found.length === 0 && uncertain)
      return examination.undecided("", "whose flow logs these are can't be known yet");
    examination.ask("flow log", () => {
      if (found.length === 0) return "no flow log records this network";
      return found.some(({ props }) => props.trafficType === "ALL")
        ? undefined
        : "only a part of the flows is recorded";
    });
  },
};
