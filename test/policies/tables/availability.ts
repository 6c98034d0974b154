import { lifted } from "../organisation";
import { first, initial, pod, UNKNOWN, type RuleTables } from "./table";

export const availability: RuleTables = {
  "AVL-01": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: "spec.replicas", value: 1 },
      { of: "vllm", path: "spec.replicas" },
      { of: "vllm", path: `${pod}.topologySpreadConstraints` },
      { of: "vllm", path: `${pod}.topologySpreadConstraints`, value: [{ maxSkew: 1, topologyKey: "zone" }] },
      { of: "vllm", path: `${pod}.topologySpreadConstraints`, value: [{ whenUnsatisfiable: "DoNotSchedule" }] },
    ],
    unknown: { of: "vllm", path: "spec.replicas", value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
  "AVL-02": {
    judged: "budget",
    violations: [
      { of: "budget", path: "spec", value: { maxUnavailable: 0 } },
      { of: "budget", path: "spec", value: { maxUnavailable: "0%" } },
      { of: "budget", path: "spec", value: { minAvailable: "100%" } },
      { of: "vllm", path: `${first}.readinessProbe`, judged: "vllm" },
    ],
    unknown: { of: "budget", path: "spec", value: UNKNOWN },
  },
  "AVL-03": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.resources.limits.memory` },
      { of: "vllm", path: `${initial}.resources` },
      { of: "gpu-quota", path: "" },
    ],
    unknown: { of: "vllm", path: `${first}.resources`, value: UNKNOWN },
  },
  "AVL-04": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "deletionProtection", value: false },
      { of: "backup-plan", path: "" },
      { of: "backup-lock", path: "" },
      { of: "cluster", path: "options.protect", value: false, judged: "cluster" },
      { of: "backup-vault", path: "forceDestroy", value: true, judged: "backup-vault" },
      { of: "backup-plan", path: "rules.0.lifecycle.deleteAfter", value: 0, judged: "backup-plan" },
      { of: "backup-lock", path: "minRetentionDays", value: 0, judged: "backup-lock" },
      { of: "backup-lock", path: "maxRetentionDays", value: 30000, judged: "backup-lock" },
      { of: "backup-lock", path: "changeableForDays", value: 3000, judged: "backup-lock" },
      { of: "backup-plan", path: "rules.0.schedule", value: undefined, judged: "backup-plan" },
      ...lifted("backups"),
    ],
    unknown: { of: "cluster", path: "deletionProtection", value: UNKNOWN },
  },
};
