import { first, initial, UNKNOWN, type RuleTables } from "./table";
import { tagsOf } from "../buckets";

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
      { of: "vllm", path: `${first}.args`, value: ["--trust-remote-code"] },
    ],
    unknown: { of: "vllm", path: `${first}.env`, value: UNKNOWN },
    beyond: { of: "vllm", path: "metadata.namespace", value: "audit" },
  },
};
