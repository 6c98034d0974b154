import { controlsOf } from "../../catalogue";
import { notOneArn } from "../../reading/cloud-name";
import type { Rule } from "../../rule";

export const iam11: Rule = {
  id: "IAM-11",
  title: "Cluster access goes through access entries, and none is a cluster administrator",
  severity: "high",
  scope: "resource",
  types: [
    "aws:eks/cluster:Cluster",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:eks/accessEntry:AccessEntry",
  ],
  remediation:
    "Set accessConfig.authenticationMode: API and bootstrapClusterCreatorAdminPermissions: false; associate a narrower access policy.",
  supports: controlsOf("IAM-11"),
  check({ type, props }, examination) {
    if (!type.endsWith(":Cluster")) examination.ask("principalArn", () => notOneArn("iam", props.principalArn));
    if (type.endsWith(":AccessEntry")) {
      examination.ask("type", () => {
        const kind = String(props.type ?? "STANDARD");
        return /^(STANDARD|EC2_LINUX|EC2_WINDOWS|EC2|FARGATE_LINUX|HYBRID_LINUX)$/.test(kind)
          ? undefined
          : `${kind} is no kind of entry`;
      });
      return examination.ask("kubernetesGroups", () => {
        const system = ((props.kubernetesGroups ?? []) as string[]).find((group) => group.startsWith("system:"));
        return system === undefined ? undefined : `${system} is a group of the cluster's own`;
      });
    }
    if (!type.endsWith(":Cluster")) {
      return examination.ask("policyArn", () =>
        String(props.policyArn ?? "").endsWith("AmazonEKSClusterAdminPolicy")
          ? "it makes a cluster administrator"
          : /^arn:aws[\w-]*:eks::aws:cluster-access-policy\/\w+$/.test(String(props.policyArn))
            ? undefined
            : `${String(props.policyArn)} names no access policy`,
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
