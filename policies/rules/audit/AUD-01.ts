import { notOwnKey } from "../../reading/cloud-name";
import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { askSibling, bucketTypes, dataClassOf } from "../../reading/object-store";
import { statementsOf } from "../../reading/policy-document";
import type { Context, Properties, Rule, Subject } from "../../rule";

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

/** CloudTrail writes by the bucket's own policy: without it, nothing is recorded and nobody is refused. */
function mayDeliver(bucket: Subject, examination: Examination, context: Context): void {
  askSibling(bucket, "BucketPolicy", examination, context, ({ policy }) => {
    const statements = statementsOf(policy);
    const missing = ["s3:GetBucketAcl", "s3:PutObject"].filter(
      (action) =>
        !statements.some(
          ({ allows, principals, actions }) =>
            allows && principals.includes("Service cloudtrail.amazonaws.com") && actions.includes(action),
        ),
    );
    return missing.length === 0 ? undefined : `its bucket lets it not do ${missing.join(", ")}, so nothing is recorded`;
  });
}

/** AWS Config writes under no lock, so what it wrote is copied: to the locked bucket, whole, and under its key. */
function recordOfChanges(channel: Subject, examination: Examination, context: Context): void {
  const isAudit = (bucket: unknown) =>
    context.resources.some(
      (one) =>
        bucketTypes.includes(one.type) &&
        dataClassOf(one) === "audit" &&
        one.props.objectLockEnabled === true &&
        (bucket === one.props.bucket || String(bucket).endsWith(`:::${String(one.props.bucket)}`)),
    );
  examination.ask("s3BucketName", () => {
    const { s3BucketName } = channel.props as { readonly s3BucketName?: string };
    if (isAudit(s3BucketName)) return undefined;
    const copies = context.resources.filter(
      ({ type, props }) => type.startsWith("aws:s3/bucketReplicationConfig:") && props.bucket === s3BucketName,
    );
    const underLock = copies
      .flatMap(({ props }): Properties[] => (props.rules ?? []) as Properties[])
      .some(
        ({ status, destination, sourceSelectionCriteria }) =>
          status === "Enabled" &&
          isAudit(destination?.bucket) &&
          sourceSelectionCriteria?.sseKmsEncryptedObjects?.status === "Enabled" &&
          notOwnKey(destination?.encryptionConfiguration?.replicaKmsKeyId) === undefined,
      );
    return underLock ? undefined : `the record of changes in ${String(s3BucketName)} is copied under no lock`;
  });
}

export const aud01: Rule = {
  id: "AUD-01",
  title: "The cloud trail covers all regions, is validated, encrypted and locked",
  severity: "critical",
  scope: "stack",
  types: ["aws:kms/key:Key", "aws:cloudtrail/trail:Trail", "aws:cfg/deliveryChannel:DeliveryChannel"],
  remediation:
    "Make one trail: multi-region, with global events, log-file validation and a key, into the bucket whose class is audit.",
  supports: controlsOf("AUD-01"),
  check(subject, examination, context) {
    if (subject.type.endsWith(":Key")) return existence(subject, examination, context);
    if (subject.type.endsWith(":DeliveryChannel")) return recordOfChanges(subject, examination, context);
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
    examination.within("s3BucketName", () => {
      const bucket = context.resources.find(
        ({ type, urn, props: other }) =>
          bucketTypes.includes(type) &&
          ((subject.origins?.s3BucketName ?? []).includes(urn) || other.bucket === props.s3BucketName),
      );
      examination.ask("s3BucketName", () => {
        if (bucket === undefined) return `${String(props.s3BucketName)} is no bucket of this stack`;
        const locked = bucket.props.objectLockEnabled === true && dataClassOf(bucket) === "audit";
        return locked ? undefined : "the bucket is not the locked one of the audit class";
      });
      if (bucket !== undefined) mayDeliver(bucket, examination, context);
    });
  },
};
