import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { known } from "../../reading/links";
import { bucketTypes, dataClassOf, namedClassOf, retentionDays } from "../../reading/object-store";
import { s3Endpoints } from "../../reading/provider-settings";
import type { Context, Properties, Rule, Subject } from "../../rule";

/** How the kit's classes are locked; the others have no lock, or none that must be there. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  audit: ["COMPLIANCE"],
  weights: ["GOVERNANCE", "COMPLIANCE"],
  backups: ["GOVERNANCE"],
  state: ["GOVERNANCE", "COMPLIANCE"],
};

/** A store that is not AWS' own: the environment describes one, or the provider is pointed at one. */
function isElsewhere(subject: Subject, { settings }: Context): boolean {
  if (settings.objectStore !== undefined) return true;
  return s3Endpoints(subject.provider).length > 0;
}

/** The class of the bucket that a lock belongs to, by the names of both. */
function classOfLock(lock: Subject): string | undefined {
  const bucket = known(() => lock.props.bucket as unknown);
  // Before the bucket exists, its identifier may not be known; the program's own name for the lock is.
  return (
    namedClassOf({ name: bucket.known ? String(bucket.value) : "" }) ??
    namedClassOf({ name: lock.name.replace(/-[^-]*lock[^-]*$/i, "") })
  );
}

function bucket(subject: Subject, examination: Examination): void {
  const dataClass = dataClassOf(subject) ?? "";
  if (wanted[dataClass] === undefined) return examination.notApplicable("what is in the bucket need not be locked");
  examination.ask("objectLockEnabled", () =>
    subject.props.objectLockEnabled === true ? undefined : "object lock is off, and cannot be had later",
  );
}

function lock(subject: Subject, examination: Examination): void {
  const dataClass = classOfLock(subject);
  const modes = wanted[dataClass ?? ""];
  if (modes === undefined) return examination.notApplicable("what is in the bucket need not be locked");
  const retention = (): Properties => subject.props.rule?.defaultRetention;
  examination.ask("rule.defaultRetention.mode", () => {
    const mode = (retention()?.mode ?? "absent") as string;
    return modes.includes(mode) ? undefined : `mode is ${mode}; ${dataClass} wants ${modes.join(" or ")}`;
  });
  examination.ask("rule.defaultRetention", () =>
    retentionDays(retention()) > 0 ? undefined : "the retention has neither days nor years",
  );
}

export const imm08: Rule = {
  id: "IMM-08",
  title: "Buckets of an on-premises store are locked in COMPLIANCE mode",
  severity: "high",
  scope: "resource",
  types: [
    ...bucketTypes,
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
  ],
  remediation:
    "Create the bucket of the audit class with objectLockEnabled and lock it in COMPLIANCE mode; lock weights, backups and state in GOVERNANCE mode at least.",
  supports: controlsOf("IMM-08"),
  check(subject, examination, context) {
    examination.within("", () => {
      if (!isElsewhere(subject, context))
        return examination.notApplicable("the store is AWS' own, which IMM-01 judges");
      return bucketTypes.includes(subject.type) ? bucket(subject, examination) : lock(subject, examination);
    });
  },
};
