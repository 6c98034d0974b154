import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes } from "../../reading/object-store";
import type { Rule } from "../../rule";

export const imm03: Rule = {
  id: "IMM-03",
  title: "Every bucket keeps versions",
  severity: "critical",
  scope: "stack",
  types: bucketTypes,
  remediation: "Give the bucket a BucketVersioning with status Enabled.",
  supports: controlsOf("IMM-03"),
  check(bucket, examination, context) {
    askSibling(bucket, "BucketVersioning", examination, context, ({ versioningConfiguration }) =>
      versioningConfiguration?.status === "Enabled"
        ? undefined
        : `status is ${versioningConfiguration?.status ?? "absent"}; wanted Enabled`,
    );
  },
};
