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
      const whole = found.find(({ props }) => props.trafficType === "ALL");
      if (whole === undefined) return "only a part of the flows is recorded";
      const seconds = (whole.props.maxAggregationInterval as number | undefined) ?? 600;
      if (seconds !== 60 && seconds !== 600) return `flows are summed up over ${seconds} seconds; wanted 60 or 600`;
      const { logDestination } = whole.props as { readonly logDestination?: string };
      return /^arn:aws[\w-]*:(logs|s3|firehose):[^*]+$/.test(String(logDestination))
        ? undefined
        : `${String(logDestination)} is no place for a log`;
    });
  },
};
