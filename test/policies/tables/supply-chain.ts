import { first, initial, pod, UNKNOWN, type RuleTables } from "./table";
import { digest } from "../pods";
import { policyOf, repositoryStatements } from "../policy-documents";

export const supplyChain: RuleTables = {
  "SUP-01": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.image`, value: "registry.example.internal/server:1.0" },
      { of: "vllm", path: `${initial}.image`, value: "registry.example.internal/prepare@sha256:short" },
      {
        of: "vllm",
        path: `${pod}.ephemeralContainers`,
        value: [{ name: "debug", image: "registry.example.internal/debug:1" }],
      },
    ],
    unknown: { of: "vllm", path: `${first}.image`, value: UNKNOWN },
  },
  "SUP-02": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.image`, value: `docker.io/server@sha256:${"ab".repeat(32)}` },
      { of: "vllm", path: `${initial}.image`, value: "registry.example.internal.evil.example/x" },
    ],
    unknown: { of: "vllm", path: `${first}.image`, value: UNKNOWN },
  },
  "SUP-03": {
    judged: "serving",
    alongside: ["image-policy", "image-policy-binding"],
    violations: [
      { of: "image-policy-binding", path: "spec.validationActions", value: ["Warn", "Audit"] },
      { of: "image-policy-binding", path: "" },
      { of: "image-policy-binding", path: "spec.policyName", value: "another" },
      {
        of: "image-policy-binding",
        path: "spec.matchResources",
        value: { namespaceSelector: { matchLabels: { strict: "yes" } } },
      },
      { of: "image-policy", path: "" },
      { of: "image-policy", path: "spec.failurePolicy", value: "Ignore" },
      { of: "image-policy", path: "spec.matchConditions", value: [{ name: "some", expression: "false" }] },
      { of: "image-policy", path: "spec.matchConstraints" },
      { of: "image-policy", path: "spec.matchConstraints.objectSelector", value: { matchLabels: { judge: "me" } } },
      {
        of: "image-policy",
        path: "spec.matchConstraints.namespaceSelector",
        value: { matchExpressions: [{ key: "cloister.dev/zone", operator: "NotIn", values: ["serving"] }] },
      },
      {
        of: "image-policy",
        path: "spec.matchConstraints.excludeResourceRules",
        value: [{ apiGroups: [""], apiVersions: ["*"], operations: ["CREATE"], resources: ["pods"] }],
      },
      { of: "image-policy", path: "spec.matchConstraints.resourceRules.0.operations", value: ["CREATE"] },
      { of: "image-policy", path: "spec.matchConstraints.resourceRules.1.resources", value: ["pods/status"] },
      { of: "image-policy", path: "spec.matchConstraints.resourceRules.0.resourceNames", value: ["one"] },
      { of: "image-policy", path: "spec.validations", value: [] },
      { of: "image-policy", path: "spec.validations.0.expression", value: "true" },
      { of: "image-policy", path: "spec.validations.0.expression", value: "no CEL (" },
      {
        of: "image-policy",
        path: "spec.variables.0.expression",
        value: "object.spec.containers.map(one, one.image)",
      },
      { of: "image-policy", path: "spec.variables.1.expression", value: "['busybox']" },
      { of: "image-policy", path: "spec.variables.2.expression", value: "variables.images" },
    ],
    unknown: { of: "image-policy", path: "spec", value: UNKNOWN },
    beyond: { of: "serving", path: "metadata", value: { name: "nobody" } },
  },
  "SUP-04": {
    judged: "images",
    violations: [
      { of: "images", path: "imageTagMutability", value: "MUTABLE" },
      { of: "images", path: "imageTagMutability" },
      {
        of: "images",
        path: "imageTagMutabilityExclusionFilters",
        value: [{ filter: "dev-*", filterType: "WILDCARD" }],
      },
      { of: "images", path: "forceDelete", value: true, judged: "images" },
    ],
    unknown: { of: "images", path: "imageTagMutability", value: UNKNOWN },
  },
  "SUP-05": {
    judged: "images",
    violations: [
      { of: "images", path: "imageScanningConfiguration.scanOnPush", value: false },
      { of: "images", path: "imageScanningConfiguration" },
      {
        of: "images-policy",
        path: "policy",
        value: policyOf({ Effect: "Allow", Principal: "*", Action: ["ecr:BatchGetImage"] }),
        judged: "images-policy",
      },
      { of: "images-policy", path: "repository", value: undefined, judged: "images-policy" },
      ...(["pull", "push", "erasure"] as const).map((one) => ({
        of: "images-policy",
        path: "policy",
        value: policyOf(...Object.values({ ...repositoryStatements, [one]: repositoryStatements.nodes })),
        judged: "images-policy",
      })),
      { of: "scanning", path: "rules.0.repositoryFilters", value: [], judged: "scanning" },
      { of: "scanning", path: "rules.0.repositoryFilters.0.filter", value: undefined, judged: "scanning" },
      { of: "scanning", path: "scanType", value: "BASIC", judged: "scanning" },
      { of: "scanning", path: "rules.0.scanFrequency", value: "MANUAL", judged: "scanning" },
    ],
    unknown: { of: "images", path: "imageScanningConfiguration", value: UNKNOWN },
  },
  "SUP-06": {
    judged: "chart",
    violations: [
      { of: "chart", path: "version", value: "1.x" },
      { of: "chart", path: "version", value: "^1.2.3" },
    ],
    unknown: { of: "chart", path: "version", value: UNKNOWN },
  },
  "SUP-07": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "version", value: "1.30" },
      { of: "cluster", path: "version" },
      { of: "cluster", path: "upgradePolicy.supportType", value: "EXTENDED" },
      { of: "gpu-nodes", path: "releaseVersion", judged: "gpu-nodes" },
      { of: "cni", path: "addonVersion", judged: "cni" },
    ],
    unknown: { of: "cluster", path: "version", value: UNKNOWN },
  },
  "SUP-08": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.image`, value: `registry.example.internal/server@sha256:${"cd".repeat(32)}` },
      { of: "vllm", path: `${initial}.image`, value: `docker.io/prepare@${digest}` },
      { of: "vllm", path: `${first}.image` },
      {
        of: "vllm",
        path: `${pod}.volumes.1`,
        value: { name: "model", image: { reference: `registry.example.internal/models/two@${digest}` } },
      },
      {
        of: "vllm",
        path: "spec.template.metadata.annotations",
        value: { "cloister.dev/model-digest": `sha256:${"ef".repeat(32)}` },
      },
      { of: "chart", path: "chart", value: "oci://registry.example.internal/charts/one", judged: "chart" },
    ],
    unknown: { of: "vllm", path: `${first}.image`, value: UNKNOWN },
  },
};
