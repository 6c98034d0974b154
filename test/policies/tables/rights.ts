import { lifted } from "../organisation";
import { first, nightly, UNKNOWN, type Change, type RuleTables } from "./table";
import { policyOf } from "../policy-documents";
import { pushes, regionDenial, writesWeights } from "../rights";

const may = (group: string, resources: string[], verbs: string[]): Change => ({
  of: "role",
  path: "rules.1",
  value: { apiGroups: [group], resources, verbs },
});
const variable = (value: object): Change => ({ of: "vllm", path: `${first}.env.1`, value });
const denial = (change: object): Change => ({
  of: "region-denial",
  path: "content",
  value: policyOf({ ...regionDenial, ...change }),
});
const where = (operator: string, regions: string[], more: object = {}) => ({
  Condition: { [operator]: { "aws:RequestedRegion": regions }, ...more },
});

export const rights: RuleTables = {
  "IAM-08": {
    judged: "role",
    violations: [
      may("", ["secrets"], ["list"]),
      may("", ["secrets"], ["get"]),
      may("", ["secrets"], ["watch"]),
      may("", ["pods/exec"], ["create"]),
      may("", ["pods/*"], ["get"]),
      may("", ["*/attach"], ["create"]),
      may("", ["pods/portforward"], ["create"]),
      may("", ["pods/ephemeralcontainers"], ["patch"]),
      may("", ["nodes/proxy"], ["get"]),
      may("", ["serviceaccounts/token"], ["create"]),
      may("", ["groups"], ["impersonate"]),
      may("rbac.authorization.k8s.io", ["clusterroles"], ["escalate"]),
      may("rbac.authorization.k8s.io", ["roles"], ["bind"]),
      may("certificates.k8s.io", ["certificatesigningrequests/approval"], ["update"]),
      may("certificates.k8s.io", ["signers"], ["sign"]),
      may("admissionregistration.k8s.io", ["mutatingwebhookconfigurations"], ["create"]),
      may("admissionregistration.k8s.io", ["validatingadmissionpolicies"], ["patch"]),
      may("admissionregistration.k8s.io", ["validatingadmissionpolicybindings"], ["delete"]),
      may("*", ["*"], ["*"]),
      { of: "machines", path: "manifests.0.rules.0.resourceNames", judged: "machines" },
      { of: "machines", path: "manifests", judged: "machines" },
    ],
    unknown: { of: "role", path: "rules", value: UNKNOWN },
  },
  "IAM-10": {
    judged: "vllm",
    violations: [
      variable({ name: "POSTGRES_PASSWORD", value: "hunter2" }),
      variable({ name: "API_KEY", valueFrom: { secretKeyRef: { name: "keys", key: "one" } } }),
      variable({ name: "STORE", value: "postgresql://mlflow:hunter2@db.models.svc/mlflow" }),
      { of: "vllm", path: `${first}.envFrom`, value: [{ secretRef: { name: "keys" } }] },
      { of: "vllm", path: `${first}.args.7`, value: "--api-key=hunter2" },
      { of: "vllm", path: `${first}.command`, value: ["serve", "--hf-token", "hunter2"] },
      {
        of: "nightly",
        path: `${nightly}.initContainers.0.env.1`,
        value: { name: "TOKEN", value: "x" },
        judged: "nightly",
      },
      { of: "certificate", path: "data.password", value: "eA==", judged: "certificate" },
      { of: "certificate", path: "data", value: { "lonely.key": "eA==" }, judged: "certificate" },
      { of: "certificate", path: "stringData", value: { "door.crt": "x" }, judged: "certificate" },
      { of: "certificate", path: "type", value: "kubernetes.io/service-account-token", judged: "certificate" },
      ...[{}, { "cloister.dev/issued-by": "services" }, { "cloister.dev/not-after": "2126-01-01T00:00:00Z" }].map(
        (annotations) => ({
          of: "certificate",
          path: "metadata.annotations",
          value: annotations,
          judged: "certificate",
        }),
      ),
      {
        of: "certificate",
        path: "metadata.annotations",
        value: { "cloister.dev/issued-by": "services", "cloister.dev/not-after": "2020-01-01T00:00:00Z" },
        judged: "certificate",
      },
      {
        of: "server-tls",
        path: "data",
        value: { "key.pem": `-----BEGIN ${"PRIVATE"} KEY-----` },
        judged: "server-tls",
      },
      { of: "secret-version", path: "secretString", value: "hunter2", judged: "secret-version" },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
  },
  "IAM-12": {
    judged: "weights-role",
    violations: [
      { of: "weights-rights", path: "policy", value: policyOf(writesWeights, pushes) },
      { of: "weights-rights", path: "policy", value: policyOf(writesWeights, { ...pushes, Action: "kms:Sign" }) },
      { of: "weights-rights", path: "policy", value: policyOf({ Effect: "Allow", Action: "*", Resource: "*" }) },
      {
        of: "weights-role",
        path: "inlinePolicies",
        value: [{ name: "more", policy: policyOf({ ...pushes, Action: "sagemaker:Update*" }) }],
      },
      { of: "release-rights", path: "policy", value: policyOf(pushes, writesWeights), judged: "release-role" },
    ],
    unknown: { of: "weights-rights", path: "policy", value: UNKNOWN },
    beyond: {
      of: "weights-rights",
      path: "policy",
      value: policyOf({ ...writesWeights, Resource: "arn:aws:s3:::example-raw/*" }),
    },
  },
  "RES-03": {
    judged: "region-denial",
    violations: [
      denial(where("StringNotEquals", ["eu-central-1", "us-east-1"])),
      denial(where("StringNotLike", ["eu-*"])),
      denial(
        where("StringNotEquals", ["eu-central-1"], { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/a" } }),
      ),
      denial({ NotAction: ["s3:*"] }),
      denial({ NotAction: undefined, Action: ["ec2:*"] }),
      denial({ Resource: "arn:aws:s3:::*" }),
      { of: "guardrails", path: "serviceControlPolicies", value: {}, judged: "guardrails" },
      ...lifted("leaving"),
    ],
    unknown: { of: "region-denial", path: "content", value: UNKNOWN },
    beyond: { of: "region-denial", path: "type", value: "TAG_POLICY" },
  },
};
