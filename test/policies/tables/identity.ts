import { first, nightly, pod, UNKNOWN, type RuleTables } from "./table";
import { policyOf } from "../policy-documents";

export const identity: RuleTables = {
  "IAM-01": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.env.1`, value: { name: "AWS_SECRET_ACCESS_KEY", value: "x" } },
      { of: "vllm", path: `${first}.env.1`, value: { name: "S3_KEY", value: "AKIAIOSFODNN7EXAMPLE" } },
      {
        of: "nightly",
        path: `${nightly}.initContainers.0.env.1`,
        value: { name: "AWS_SESSION_TOKEN", value: "x" },
        judged: "nightly",
      },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
  },
  "IAM-02": {
    judged: "role-policy",
    violations: [
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: "*", Resource: "arn:aws:s3:::a" }),
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::a" }),
      },
      { of: "role-policy", path: "policy", value: policyOf({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: "s3:GetObject", NotResource: "a" }),
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }),
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }),
      },
      { of: "role-policy", path: "policy", value: "no JSON" },
    ],
    unknown: { of: "role-policy", path: "policy", value: UNKNOWN },
  },
  "IAM-03": {
    judged: "service-role",
    violations: [
      {
        of: "service-role",
        path: "assumeRolePolicy",
        value: policyOf({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
      },
      ...["sub", "aud"].map((claim) => ({
        of: "token-role",
        path: "assumeRolePolicy",
        value: policyOf({
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/issuer.example" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { [`issuer.example:${claim}`]: "one" } },
        }),
        judged: "token-role",
      })),
    ],
    unknown: { of: "service-role", path: "assumeRolePolicy", value: UNKNOWN },
  },
  "IAM-04": {
    judged: "pod-identity",
    violations: [
      { of: "pod-identity", path: "serviceAccount", value: "default" },
      { of: "pod-identity", path: "serviceAccount", value: "*" },
      { of: "pod-identity", path: "namespace" },
    ],
    unknown: { of: "pod-identity", path: "serviceAccount", value: UNKNOWN },
  },
  "IAM-05": {
    judged: "people-role",
    violations: [
      {
        of: "people-role",
        path: "assumeRolePolicy",
        value: policyOf({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "sts:AssumeRole",
        }),
      },
    ],
    unknown: { of: "people-role", path: "assumeRolePolicy", value: UNKNOWN },
    beyond: {
      of: "people-role",
      path: "assumeRolePolicy",
      value: policyOf({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
    },
  },
  "IAM-06": {
    judged: "role",
    violations: [
      { of: "role", path: "rules.0.verbs", value: ["*"] },
      { of: "role", path: "rules.0.resources", value: ["*"] },
      { of: "role", path: "rules.0.apiGroups", value: ["*"] },
      { of: "role", path: "rules.0.nonResourceURLs", value: ["/api/*"] },
    ],
    unknown: { of: "role", path: "rules", value: UNKNOWN },
  },
  "IAM-07": {
    judged: "binding",
    violations: [
      { of: "binding", path: "roleRef.name", value: "cluster-admin" },
      { of: "binding", path: "subjects.0.name", value: "system:masters" },
      { of: "binding", path: "subjects.0.name", value: "system:anonymous" },
    ],
    unknown: { of: "binding", path: "roleRef.name", value: UNKNOWN },
  },
  "IAM-09": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${pod}.automountServiceAccountToken`, value: true },
      { of: "vllm", path: `${pod}.automountServiceAccountToken` },
      { of: "nightly", path: `${nightly}.automountServiceAccountToken`, judged: "nightly" },
    ],
    unknown: { of: "vllm", path: `${pod}.automountServiceAccountToken`, value: UNKNOWN },
  },
  "IAM-11": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "accessConfig.authenticationMode", value: "API_AND_CONFIG_MAP" },
      { of: "cluster", path: "accessConfig.bootstrapClusterCreatorAdminPermissions" },
      {
        of: "access",
        path: "policyArn",
        value: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        judged: "access",
      },
    ],
    unknown: { of: "cluster", path: "accessConfig", value: UNKNOWN },
  },
};
