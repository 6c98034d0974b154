import { first, initial, pod, UNKNOWN, type RuleTables } from "./table";
import { policyOf } from "../policy-documents";

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
};
