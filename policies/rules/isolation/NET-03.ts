import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const net03: Rule = {
  id: "NET-03",
  title: "The cluster's API endpoint is private",
  severity: "critical",
  scope: "resource",
  types: ["aws:eks/cluster:Cluster"],
  remediation: "Set vpcConfig.endpointPublicAccess to false and endpointPrivateAccess to true.",
  supports: controlsOf("NET-03"),
  check(cluster, examination) {
    // The cloud's default is a public endpoint, so an absent value fails too.
    examination.ask("vpcConfig.endpointPublicAccess", () =>
      cluster.props.vpcConfig?.endpointPublicAccess === false
        ? undefined
        : "the endpoint is reachable from the internet",
    );
    examination.ask("vpcConfig.endpointPrivateAccess", () =>
      cluster.props.vpcConfig?.endpointPrivateAccess === true ? undefined : "the endpoint is not reachable from inside",
    );
  },
};
