import { controlsOf } from "../../catalogue";
import { parametersOf, type Bound } from "../../controls/parameters";
import { linked } from "../../reading/links";
import { bucketTypes, dataClassOf, namedClassOf, retentionDays } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

/** What the record is made of: keyed digests, pseudonyms and metadata. Nothing else may be beyond erasure. */
const metadataOnly = ["audit"];
/** No personal data, or the kit's own state: a lock that may be lifted keeps mistakes from it. */
const impersonal = ["weights", "state"];

export const imm07: Rule = {
  id: "IMM-07",
  title: "Locked buckets hold metadata, never prompts or personal data",
  severity: "high",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Keep the COMPLIANCE lock for the bucket of the audit class; lock what may hold personal data in GOVERNANCE mode for 30 days at most, or not at all.",
  supports: controlsOf("IMM-07"),
  check(bucket, examination, context) {
    examination.within("tags", () => {
      const dataClass = dataClassOf(bucket);
      const named = namedClassOf(bucket);
      examination.ask("tags", () =>
        named === undefined || named === dataClass
          ? undefined
          : `the tag says ${dataClass ?? "nothing"} and the name says ${named}`,
      );
      const types = ["aws:s3/*:BucketObjectLockConfiguration", "aws:s3/*:BucketObjectLockConfigurationV2"];
      const { found, uncertain } = linked(bucket, types, "bucket", context, [
        () => bucket.props.bucket as unknown,
        () => bucket.props.id as unknown,
      ]);
      if (found.length === 0 && uncertain) {
        examination.undecided("", "whether a lock belongs to this bucket can't be known yet");
      } else if (found.length === 0) {
        examination.ask("objectLockEnabled", () =>
          bucket.props.objectLockEnabled === true && !metadataOnly.includes(dataClass ?? "")
            ? "without a default of its own, each writer locks for as long as it likes"
            : undefined,
        );
      }
      for (const lock of found) {
        examination.ask(`lock ${lock.name}`, () =>
          tooLong(dataClass, lock.props.rule?.defaultRetention, parametersOf(context.settings.frameworks).erasureMost),
        );
      }
    });
  },
};

function tooLong(dataClass: string | undefined, retention: Properties, most: Bound): string | undefined {
  if (dataClass === undefined) return "what is locked is not said: the bucket names no data class";
  if (metadataOnly.includes(dataClass)) return undefined;
  if (retention?.mode === "COMPLIANCE") return `${dataClass} under a COMPLIANCE lock can be erased for nobody`;
  if (impersonal.includes(dataClass)) return undefined;
  const days = retentionDays(retention);
  return days <= most.value
    ? undefined
    : `${dataClass} is locked for ${days} days, and an erasure must be done in ${most.value} (${most.source})`;
}
