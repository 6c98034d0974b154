import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

const wanted = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const aud03: Rule = {
  id: "AUD-03",
  title: "The cluster sends all five kinds of control-plane log",
  severity: "critical",
  scope: "resource",
  types: ["aws:eks/cluster:Cluster"],
  remediation: "Set enabledClusterLogTypes to api, audit, authenticator, controllerManager and scheduler.",
  supports: controlsOf("AUD-03"),
  check(cluster, examination) {
    examination.ask("enabledClusterLogTypes", () => {
      const enabled = (cluster.props.enabledClusterLogTypes ?? []) as string[];
      const missing = wanted.filter((kind) => !enabled.includes(kind));
      return missing.length > 0 ? `${missing.join(", ")} not sent` : undefined;
    });
  },
};
