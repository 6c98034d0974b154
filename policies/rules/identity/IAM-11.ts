import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const iam11: Rule = {
  id: "IAM-11",
  title: "Cluster access goes through access entries, and none is a cluster administrator",
  severity: "high",
  scope: "resource",
  types: ["aws:eks/cluster:Cluster", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
  remediation:
    "Set accessConfig.authenticationMode: API and bootstrapClusterCreatorAdminPermissions: false; associate a narrower access policy.",
  supports: controlsOf("IAM-11"),
  check({ type, props }, examination) {
    if (!type.endsWith(":Cluster")) {
      return examination.ask("policyArn", () =>
        String(props.policyArn ?? "").endsWith("AmazonEKSClusterAdminPolicy")
          ? "it makes a cluster administrator"
          : undefined,
      );
    }
    examination.ask("accessConfig.authenticationMode", () => {
      const mode = props.accessConfig?.authenticationMode as string | undefined;
      return mode === "API" ? undefined : `the mode is ${mode ?? "absent"}; wanted API`;
    });
    // The cloud's default makes whoever creates the cluster its administrator, so an absent value fails too.
    examination.ask("accessConfig.bootstrapClusterCreatorAdminPermissions", () =>
      props.accessConfig?.bootstrapClusterCreatorAdminPermissions === false
        ? undefined
        : "who creates the cluster becomes its administrator",
    );
  },
};
