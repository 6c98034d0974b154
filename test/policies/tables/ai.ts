import { first, initial, pod, peer, UNKNOWN, type Change, type RuleTables } from "./table";
import { tagsOf } from "../buckets";
import { leakGateSignature } from "../leak-gate";
import { annotations, digest } from "../pods";

const says = "spec.template.metadata";
const other = `sha256:${"ef".repeat(32)}`;
const report = annotations["cloister.dev/leak-gate-digest"];
const bom = (change: (text: string) => string) => ({
  ...annotations,
  "cloister.dev/model-bom": change(annotations["cloister.dev/model-bom"]),
});

const budget = {
  "cloister.dev/privacy-epsilon": "3",
  "cloister.dev/privacy-delta": "0.000001",
  "cloister.dev/sanitiser-digest": digest,
};
const run = (name: string, value: string | undefined): Change => ({
  of: "tune",
  path: "metadata.annotations",
  value: { ...budget, [`cloister.dev/${name}`]: value },
});

export const ai: RuleTables = {
  "AI-01": {
    judged: "weights",
    violations: [
      { of: "weights", path: "options.protect", value: false },
      { of: "weights-BucketVersioning", path: "versioningConfiguration.status", value: "Suspended" },
      {
        of: "weights-BucketServerSideEncryptionConfiguration",
        path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
      },
      { of: "weights-BucketPublicAccessBlock", path: "" },
    ],
    unknown: { of: "weights-BucketVersioning", path: "versioningConfiguration", value: UNKNOWN },
    beyond: { of: "weights", path: "tags", value: tagsOf("state") },
  },
  "AI-02": {
    judged: "training-ways",
    violations: [
      { of: "training-ways", path: "spec.egress.0.to.0.ipBlock.cidr", value: "10.0.0.0/16" },
      { of: "training-ways", path: "spec.egress.0.to" },
      { of: "training-ways", path: "spec.egress.0.to.0", value: peer("serving", { app: "vllm" }) },
      { of: "training-ways", path: "spec.egress.1.to.0", value: peer("kube-system") },
      { of: "training-ways", path: "spec.ingress.0.from.0", value: peer("gateway", { app: "envoy" }) },
      { of: "training-ways", path: "spec.ingress.0.from.0", value: peer("observability") },
      { of: "training-ways", path: "spec.ingress.0.from" },
      { of: "training-deny", path: "", judged: "training" },
      { of: "training-deny", path: "spec.policyTypes", value: ["Ingress"], judged: "training" },
      { of: "training-metrics", path: "spec.type", value: "NodePort", judged: "training-metrics" },
      { of: "training-metrics", path: "spec.externalIPs", value: ["10.0.0.9"], judged: "training-metrics" },
      { of: "ingress", path: "metadata.namespace", value: "training", judged: "ingress" },
    ],
    unknown: { of: "training-ways", path: "spec.egress", value: UNKNOWN },
    beyond: { of: "training-ways", path: "metadata.namespace", value: "audit" },
  },
  "AI-03": {
    judged: "from-gateway",
    violations: [
      {
        of: "from-gateway",
        path: "spec.ingress.0.from.0.namespaceSelector.matchLabels",
        value: { "cloister.dev/zone": "training" },
      },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: { podSelector: {} } },
      { of: "from-gateway", path: "spec.ingress.0.from" },
    ],
    unknown: { of: "from-gateway", path: "spec.ingress", value: UNKNOWN },
    beyond: { of: "from-gateway", path: "metadata.namespace", value: "audit" },
  },
  "AI-04": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: "spec.template.metadata.annotations", value: { "cloister.dev/model-digest": "latest" } },
      { of: "vllm", path: `${first}.env`, value: [] },
      { of: "vllm", path: `${initial}.env.0.value`, value: "0" },
      // Offline for weights, and free to tell others how it is used.
      { of: "vllm", path: `${first}.image`, value: "registry.example.internal/vllm/vllm-openai" },
      { of: "vllm", path: `${first}.args`, value: ["--trust-remote-code"] },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
  "AI-05": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${says}.labels` },
      { of: "vllm", path: `${says}.labels`, value: { "cloister.dev/stage": "staging" } },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/leak-gate-digest": "none" } },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/leak-gate-digest": other } },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: { ...annotations, "cloister.dev/leak-gate-signature": undefined },
      },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: { ...annotations, "cloister.dev/leak-gate-signature": leakGateSignature(report, other) },
      },
      // The gate spoke of what the pod says, and the pod runs something else.
      {
        of: "vllm",
        path: `${pod}.volumes`,
        value: [{ name: "model", image: { reference: `registry.example.internal/models/two@${other}` } }],
      },
    ],
    unknown: { of: "vllm", path: `${says}.annotations`, value: UNKNOWN },
    beyond: { of: "vllm", path: `${says}.labels`, value: { "cloister.dev/stage": "trial" } },
  },
  "AI-07": {
    judged: "tune",
    violations: [
      { of: "tune", path: "metadata.annotations" },
      run("privacy-epsilon", undefined),
      run("privacy-epsilon", "0"),
      run("privacy-epsilon", "many"),
      run("privacy-epsilon", "8.5"),
      run("privacy-delta", undefined),
      run("privacy-delta", "-1"),
      run("privacy-delta", "0.001"),
      run("sanitiser-digest", "latest"),
    ],
    unknown: { of: "tune", path: "metadata.annotations", value: UNKNOWN },
    beyond: { of: "tune", path: "metadata.namespace", value: "preparation" },
  },
  "AI-09": {
    judged: "vectors",
    violations: [
      { of: "vectors", path: `${pod}.volumes`, value: [] },
      { of: "vectors-configuration", path: "data", value: { "user.yaml": "common: {security: {}}" } },
      { of: "vectors", path: "spec.volumeClaimTemplates.0.spec.storageClassName", value: "standard" },
      { of: "vectors", path: "spec.volumeClaimTemplates.0.spec.storageClassName" },
      { of: "vectors", path: "metadata.labels" },
      { of: "vectors-service", path: "spec.type", value: "LoadBalancer", judged: "vectors-service" },
    ],
    unknown: { of: "vectors-configuration", path: "data", value: UNKNOWN },
    beyond: { of: "vectors", path: "metadata", value: { namespace: "models" } },
  },
  "AI-10": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${says}.annotations`, value: { "cloister.dev/model-digest": digest } },
      { of: "vllm", path: `${says}.annotations`, value: bom(() => "qwen") },
      { of: "vllm", path: `${says}.annotations`, value: bom((text) => text.replace("CycloneDX", "SPDX")) },
      { of: "vllm", path: `${says}.annotations`, value: bom((text) => text.replace('"name":"one",', "")) },
      { of: "vllm", path: `${says}.annotations`, value: { ...annotations, "cloister.dev/model-digest": other } },
      {
        of: "vllm",
        path: `${says}.annotations`,
        value: bom((text) => text.replace("machine-learning-model", "library")),
      },
      { of: "vllm", path: `${first}.image`, value: `registry.example.internal/server@${other}` },
    ],
    unknown: { of: "vllm", path: `${says}.annotations`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "models" },
  },
  "AI-11": {
    judged: "agent",
    violations: [
      { of: "agent", path: `${pod}.serviceAccountName`, value: "triage" },
      { of: "agent", path: `${pod}.serviceAccountName` },
      { of: "agent", path: `${pod}.automountServiceAccountToken` },
      { of: "agent", path: `${says}.labels` },
      {
        of: "agent",
        path: `${pod}.volumes`,
        value: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
      },
      {
        of: "binding",
        path: "subjects",
        value: [{ kind: "ServiceAccount", name: "agent-triage", namespace: "incidents" }],
        judged: "binding",
      },
      {
        of: "binding",
        path: "subjects",
        value: [{ kind: "Group", name: "system:serviceaccounts:incidents" }],
        judged: "binding",
      },
      { of: "agent-ways", path: "spec.policyTypes", value: ["Ingress"], judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.to", judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.ports", judged: "agent-ways" },
      { of: "agent-ways", path: "spec.egress.0.to.0", value: peer("gateway"), judged: "agent-ways" },
      {
        of: "agent-ways",
        path: "spec.egress.0.to.0",
        value: { ipBlock: { cidr: "10.0.0.0/24" } },
        judged: "agent-ways",
      },
    ],
    unknown: { of: "agent", path: `${pod}.automountServiceAccountToken`, value: UNKNOWN },
    beyond: { of: "agent", path: "spec.template", value: { spec: { serviceAccountName: "reader" } } },
  },
};
