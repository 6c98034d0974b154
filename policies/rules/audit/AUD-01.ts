import { notOwnKey } from "../../reading/cloud-name";
import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { bucketTypes, dataClassOf } from "../../reading/object-store";
import type { Context, Rule, Subject } from "../../rule";

/**
 * A rule judges what is there; that nothing is there must be told by something that is. The key of the audit class stands for
 * the account whose trail it is.
 */
function existence(key: Subject, examination: Examination, context: Context): void {
  if (!key.name.endsWith("-audit") && key.name !== "key")
    return examination.notApplicable("not the key of the audit class");
  examination.ask("trail", () =>
    context.resources.some(({ type }) => type === "aws:cloudtrail/trail:Trail")
      ? undefined
      : "the account has no trail",
  );
}

export const aud01: Rule = {
  id: "AUD-01",
  title: "The cloud trail covers all regions, is validated, encrypted and locked",
  severity: "critical",
  scope: "stack",
  types: ["aws:kms/key:Key", "aws:cloudtrail/trail:Trail"],
  remediation:
    "Make one trail: multi-region, with global events, log-file validation and a key, into the bucket whose class is audit.",
  supports: controlsOf("AUD-01"),
  check(subject, examination, context) {
    if (subject.type.endsWith(":Key")) return existence(subject, examination, context);
    const { props } = subject;
    const yes = (property: string, wrong: string) =>
      examination.ask(property, () => (props[property] === true ? undefined : wrong));
    yes("isMultiRegionTrail", "other regions are not on the record");
    yes("enableLogFileValidation", "altered logs would not be noticed");
    examination.ask("enableLogging", () => (props.enableLogging === false ? "the trail is off" : undefined));
    examination.ask("includeGlobalServiceEvents", () =>
      props.includeGlobalServiceEvents === false ? "changes of identities are not on the record" : undefined,
    );
    examination.ask("kmsKeyId", () => notOwnKey(props.kmsKeyId));
    examination.ask("s3BucketName", () => {
      const bucket = context.resources.find(
        ({ type, urn, props: other }) =>
          bucketTypes.includes(type) &&
          ((subject.origins?.s3BucketName ?? []).includes(urn) || other.bucket === props.s3BucketName),
      );
      if (bucket === undefined) return `${String(props.s3BucketName)} is no bucket of this stack`;
      const locked = bucket.props.objectLockEnabled === true && dataClassOf(bucket) === "audit";
      return locked ? undefined : "the bucket is not the locked one of the audit class";
    });
  },
};
