import { topicStatements } from "../account";
import { lifted } from "../organisation";
import { first, nightly, pod, UNKNOWN, type RuleTables } from "./table";
import { collectorsSecret, policyOf, withoutSecondFactor } from "../policy-documents";

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
      ...lifted("credentials", "root"),
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
      {
        of: "release-attachment",
        path: "policyArn",
        value: "arn:aws:iam::aws:policy/AdministratorAccess",
        judged: "release-attachment",
      },
      { of: "rotation-caller", path: "principal", value: "*", judged: "rotation-caller" },
      { of: "rotation-caller", path: "action", value: "lambda:*", judged: "rotation-caller" },
      { of: "rotation-caller", path: "sourceArn", value: "*", judged: "rotation-caller" },
      {
        of: "alarms-policy",
        path: "policy",
        value: policyOf({
          Effect: "Allow",
          Principal: "*",
          Action: "sns:Publish",
          Resource: "*",
        }),
        judged: "alarms-policy",
      },
      ...[
        [topicStatements.publish],
        [topicStatements.publish, { ...topicStatements.plaintext, Resource: "x" }],
        [
          topicStatements.publish,
          { ...topicStatements.plaintext, Condition: { Bool: { "aws:SecureTransport": "true" } } },
        ],
        [{ ...topicStatements.publish, Resource: "*" }, topicStatements.plaintext],
      ].map((statements) => ({
        of: "alarms-policy",
        path: "policy",
        value: policyOf(...statements),
        judged: "alarms-policy",
      })),
      ...[
        { Action: ["secretsmanager:GetSecretValue"] },
        { Resource: "x" },
        { Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/*" } } },
        { Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } },
      ].map((narrowed) => ({
        of: "secret-policy",
        path: "policy",
        value: policyOf({ ...collectorsSecret, ...narrowed }),
        judged: "secret-policy",
      })),
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Elsewhere", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::vault/*" }),
        judged: "role-policy",
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: "arn:aws:kms:eu-central-1:111122223333:key/*",
        }),
        judged: "role-policy",
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Action: ["s3:ListBucket"], Resource: "*" }),
        judged: "role-policy",
      },
      {
        of: "role-policy",
        path: "policy",
        value: policyOf({
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: "*",
          Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/weights" } },
        }),
        judged: "role-policy",
      },
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
      { of: "service-role", path: "maxSessionDuration", value: 3600000, judged: "service-role" },
      {
        of: "service-role",
        path: "assumeRolePolicy",
        value: policyOf({ Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: "*" }),
        judged: "service-role",
      },
      {
        of: "service-role",
        path: "assumeRolePolicy",
        value: policyOf({ Effect: "Allow", Principal: { Service: "elsewhere" }, Action: "sts:AssumeRole" }),
        judged: "service-role",
      },
      {
        of: "service-role",
        path: "assumeRolePolicy",
        value: policyOf({
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: "sts:AssumeRole",
        }),
        judged: "service-role",
      },
      {
        of: "service-role",
        path: "assumeRolePolicy",
        value: policyOf({
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        }),
        judged: "service-role",
      },
    ],
    unknown: { of: "service-role", path: "assumeRolePolicy", value: UNKNOWN },
  },
  "IAM-04": {
    judged: "pod-identity",
    violations: [
      { of: "pod-identity", path: "serviceAccount", value: "default" },
      { of: "pod-identity", path: "serviceAccount", value: "*" },
      { of: "pod-identity", path: "namespace" },
      { of: "pod-identity", path: "roleArn", value: "*", judged: "pod-identity" },
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
      { of: "passwords", path: "minimumPasswordLength", value: 8, judged: "passwords" },
      { of: "passwords", path: "maxPasswordAge", value: 0, judged: "passwords" },
      { of: "passwords", path: "passwordReusePrevention", value: 0, judged: "passwords" },
      { of: "passwords", path: "requireSymbols", value: false, judged: "passwords" },
      ...[
        { Resource: "arn:aws:s3:::one/*" },
        { Action: "iam:*" },
        { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
        { Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" }, StringEquals: { "aws:username": "ada" } } },
      ].map((narrowed) => ({
        of: "second-factor",
        path: "policy",
        value: policyOf({ ...withoutSecondFactor, ...narrowed }),
        judged: "second-factor",
      })),
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
      { of: "machines", path: "manifests.0.rules.0.verbs.0", value: "*", judged: "machines" },
    ],
    unknown: { of: "role", path: "rules", value: UNKNOWN },
  },
  "IAM-07": {
    judged: "binding",
    violations: [
      { of: "binding", path: "roleRef.name", value: "cluster-admin" },
      { of: "binding", path: "subjects.0.name", value: "system:masters" },
      { of: "binding", path: "subjects.0.name", value: "system:anonymous" },
      { of: "machines", path: "apiServerArguments", value: [], judged: "machines" },
    ],
    unknown: { of: "binding", path: "roleRef.name", value: UNKNOWN },
  },
  "IAM-09": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${pod}.automountServiceAccountToken`, value: true },
      { of: "vllm", path: `${pod}.automountServiceAccountToken` },
      { of: "nightly", path: `${nightly}.automountServiceAccountToken`, judged: "nightly" },
      { of: "vllm-account", path: "automountServiceAccountToken", judged: "vllm-account" },
      {
        of: "vllm",
        path: `${pod}.volumes`,
        value: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
      },
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
      { of: "access", path: "principalArn", value: "*", judged: "access" },
      { of: "access", path: "policyArn", value: "*", judged: "access" },
      { of: "entry", path: "kubernetesGroups.0", value: "system:masters", judged: "entry" },
      { of: "entry", path: "type", value: "elsewhere", judged: "entry" },
    ],
    unknown: { of: "cluster", path: "accessConfig", value: UNKNOWN },
  },
};
