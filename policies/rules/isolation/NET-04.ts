import { controlsOf } from "../../catalogue";
import { linked } from "../../reading/links";
import type { Rule } from "../../rule";

export const net04: Rule = {
  id: "NET-04",
  title: "The cluster's network plugin enforces network policies",
  severity: "high",
  scope: "stack",
  types: ["aws:eks/cluster:Cluster"],
  remediation: "Install the vpc-cni add-on with enableNetworkPolicy true, in the cluster's own stack.",
  supports: controlsOf("NET-04"),
  check(cluster, examination, context) {
    const { found, uncertain } = linked(cluster, ["aws:eks/addon:Addon"], "clusterName", context, [
      () => cluster.props.name as unknown,
      () => cluster.props.id as unknown,
    ]);
    if (uncertain && found.length === 0) return examination.undecided("", "whose add-ons these are can't be known yet");
    examination.ask("addon vpc-cni", () => {
      const cni = found.find(({ props }) => props.addonName === "vpc-cni");
      if (cni === undefined) return "no vpc-cni add-on is installed";
      const settings = JSON.parse(String(cni.props.configurationValues ?? "{}"));
      return String(settings.enableNetworkPolicy) === "true" ? undefined : "enableNetworkPolicy is not true";
    });
  },
};
