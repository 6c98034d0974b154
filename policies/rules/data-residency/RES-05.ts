import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, dataClassOf, lacks, retentionsOf } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

const personal = ["raw", "transcripts", "vectors", "quarantine", "backups"];
/** An index stands for documents that live elsewhere: what is erased there is erased here by the retriever. */
const keptUntilAsked = ["vectors"];

export const res05: Rule = {
  id: "RES-05",
  title: "Stores of personal data have a retention ceiling and no COMPLIANCE lock",
  severity: "high",
  scope: "stack",
  types: bucketTypes,
  remediation: "Give buckets of personal data a lifecycle that expires them, and no lock in COMPLIANCE mode.",
  supports: controlsOf("RES-05"),
  check(bucket, examination, context) {
    const name = dataClassOf(bucket);
    if (name === undefined || !personal.includes(name)) {
      return examination.notApplicable("the bucket holds no personal data");
    }
    examination.ask("lock", () =>
      retentionsOf(bucket, context).some((retention) => retention?.mode === "COMPLIANCE")
        ? "personal data under a COMPLIANCE lock cannot be erased when somebody asks for it"
        : undefined,
    );
    if (lacks("lifecycle", examination, context)) return;
    askSibling(bucket, "BucketLifecycleConfiguration", examination, context, ({ rules }) => {
      const list = (rules ?? []) as Properties[];
      const replaced = list.some((rule) => rule.noncurrentVersionExpiration?.noncurrentDays !== undefined);
      if (!replaced) return "replaced versions are kept for ever";
      const ends = list.some((rule) => rule.expiration?.days !== undefined);
      return ends || keptUntilAsked.includes(name) ? undefined : "nothing expires what is there";
    });
  },
};
