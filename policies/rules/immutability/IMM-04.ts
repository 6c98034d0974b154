import { controlsOf } from "../../catalogue";
import { askSibling, bucketTypes, lacks, retentionDays, retentionsOf } from "../../reading/object-store";
import type { Properties, Rule } from "../../rule";

export const imm04: Rule = {
  id: "IMM-04",
  title: "No lifecycle expires audit data early, and no bucket is emptied by force",
  severity: "high",
  scope: "stack",
  types: bucketTypes,
  remediation:
    "Let no lifecycle rule expire versions of a locked bucket before its retention ends, and leave forceDestroy off.",
  supports: controlsOf("IMM-04"),
  check(bucket, examination, context) {
    examination.ask("forceDestroy", () =>
      bucket.props.forceDestroy === true ? "the bucket would be emptied when it is destroyed" : undefined,
    );
    if (lacks("lifecycle", examination, context)) return;
    const days = retentionDays(retentionsOf(bucket, context)[0]);
    askSibling(bucket, "BucketLifecycleConfiguration", examination, context, ({ rules }) => {
      for (const { id, expiration, noncurrentVersionExpiration } of (rules ?? []) as Properties[]) {
        const sooner = [expiration?.days, noncurrentVersionExpiration?.noncurrentDays].filter(
          (after) => after !== undefined && Number(after) < days,
        );
        if (sooner.length > 0)
          return `rule ${id} expires after ${sooner.join(" and ")} days what is locked for ${days}`;
      }
      return undefined;
    });
  },
};
