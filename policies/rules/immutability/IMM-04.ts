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
      const list = (rules ?? []) as Properties[];
      if (list.length === 0 || list.some(({ status }) => status !== "Enabled"))
        return "a rule of it is off, or there is none: nothing ends when it should";
      const atOnce = list.some(({ expiration, noncurrentVersionExpiration }) =>
        [expiration?.days, noncurrentVersionExpiration?.noncurrentDays].some(
          (after) => after !== undefined && !(Number(after) >= 1),
        ),
      );
      if (atOnce) return "it expires what is there at once";
      for (const { id, expiration, noncurrentVersionExpiration } of list) {
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
