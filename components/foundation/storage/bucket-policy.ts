import type { LockMode } from "../../data-classes";
import { policyDocument, type Statement } from "../private-cloud/policy-document";

export interface BucketPolicyArgs {
  readonly bucket: string;
  /** Partition of ARNs, `aws` but for GovCloud; other stores answer to `aws` too. */
  readonly partition: string;
  readonly lock?: { readonly mode: LockMode };
  /** ARNs of the roles that deploy, where the store knows such: an `up` may lengthen a lock or a lifecycle as they. */
  readonly deployers?: readonly string[];
  /**
   * Absent where the store does not know AWS's conditions on encryption. `deliverers` are ARNs of the roles that name the
   * key themselves because their service has them do so; everybody else leaves the choice to the bucket.
   */
  readonly ownKey?: { readonly deliverers: readonly string[] };
  /** Rights of AWS services that deliver into the bucket. */
  readonly deliveries?: readonly Statement[];
}

/** JSON of the policy of one bucket, from plain names alone: a preview can judge it. */
export function bucketPolicy(args: BucketPolicyArgs): string {
  const bucket = `arn:${args.partition}:s3:::${args.bucket}`;
  const objects = `${bucket}/*`;
  const deny = (
    sid: string,
    action: Statement["Action"],
    condition?: Statement["Condition"],
    resource: Statement["Resource"] = [bucket, objects],
  ): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  const { deployers = [] } = args;
  const except = deployers.length === 0 ? undefined : { ArnNotEquals: { "aws:PrincipalArn": deployers } };
  return policyDocument([
    deny("DenyPlaintext", "s3:*", { Bool: { "aws:SecureTransport": "false" } }),
    deny("DenyOldTls", "s3:*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ...(args.lock === undefined
      ? []
      : [
          // Of an object the ones, of the bucket the others: each names what it is asked on.
          deny("DenyUnlock", ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"], undefined, objects),
          deny(
            "DenyLoosening",
            ["s3:PutBucketObjectLockConfiguration", "s3:PutLifecycleConfiguration"],
            except,
            bucket,
          ),
        ]),
    ...(args.ownKey === undefined ? [] : encryptionOf(objects, args.ownKey.deliverers)),
    ...(args.deliveries ?? []),
  ]);
}

const algorithm = "s3:x-amz-server-side-encryption";
const keyOfRequest = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/**
 * A request that says nothing gets the bucket's own key. What it might say instead is refused: another algorithm, AWS's
 * key (KMS without a key's name), a key of the caller's choice, or one that the caller sends along.
 */
function encryptionOf(objects: string, deliverers: readonly string[]): Statement[] {
  const deny = (sid: string, condition: Statement["Condition"]): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: objects,
    Condition: condition,
  });
  return [
    deny("DenyOtherEncryption", { Null: { [algorithm]: "false" }, StringNotEquals: { [algorithm]: "aws:kms" } }),
    deny("DenyKeyOfAws", { Null: { [keyOfRequest]: "true" }, StringEquals: { [algorithm]: "aws:kms" } }),
    deny("DenyChosenKey", {
      Null: { [keyOfRequest]: "false" },
      Bool: { "aws:PrincipalIsAWSService": "false" },
      ...(deliverers.length === 0 ? {} : { ArnNotEquals: { "aws:PrincipalArn": deliverers } }),
    }),
    deny("DenyKeyOfCaller", { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } }),
  ];
}
