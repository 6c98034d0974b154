import type { Identity } from "../../data-classes";
import type { Verb } from "../../substrate";
import { planGrants, roleSuffix, type GrantPlan } from "../grants";
import { aliasOf } from "../keys/keys-plan";
import { arnOf, type Place } from "../private-cloud/place";
import { policyDocument, trustOf, type Statement } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { grantRoleName } from "../private-cloud/role-names";
import { bucketName } from "../storage/object-store-plan";

export interface PodIdentityPlan {
  readonly identity: Identity;
  /** Part of a resource's name, such as `models-mlflow`. */
  readonly suffix: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly role: RolePlan;
}

/** Only the agent of this cluster may take the role, and only for this service account. */
export const podTrust = (place: Place, namespace: string, serviceAccount: string): string =>
  trustOf(
    "pods.eks.amazonaws.com",
    {
      StringEquals: {
        "aws:SourceAccount": place.account,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
      ArnEquals: { "aws:SourceArn": arnOf.cluster(place) },
    },
    ["sts:AssumeRole", "sts:TagSession"],
  );

/** A role for each identity that the list of data classes grants something, with a policy for each class. */
export function planPodIdentities(place: Place, organisation: string): PodIdentityPlan[] {
  const grants = planGrants();
  return [...new Set(grants.map((grant) => grant.identity))].map((identity) => {
    const [namespace = "", serviceAccount = ""] = identity.split("/");
    return {
      identity,
      suffix: roleSuffix(identity),
      namespace,
      serviceAccount,
      role: {
        name: grantRoleName(place, identity),
        description: `Pods of ${identity}`,
        trust: podTrust(place, namespace, serviceAccount),
        own: Object.fromEntries(
          grants
            .filter((grant) => grant.identity === identity)
            .map((grant) => [grant.dataClass, grantPolicy(place, organisation, grant)]),
        ),
      },
    };
  });
}

const objectActions: Record<Verb, readonly string[]> = {
  read: ["s3:GetObject", "s3:GetObjectVersion"],
  write: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
};
/** S3 decrypts the data key again for each part of a large upload. */
const keyActions: Record<Verb, readonly string[]> = {
  read: ["kms:Decrypt"],
  write: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** Objects of one bucket and the key that encrypts them, for the verbs granted. */
function grantPolicy(place: Place, organisation: string, { dataClass, verbs }: GrantPlan): string {
  const bucket = arnOf.bucket(place, bucketName(organisation, place.environment, dataClass));
  const all = (actions: Record<Verb, readonly string[]>) => [...new Set(verbs.flatMap((verb) => actions[verb]))].sort();
  const statements: Statement[] = [
    { Sid: "Objects", Effect: "Allow", Action: all(objectActions), Resource: `${bucket}/*` },
    ...(verbs.includes("read")
      ? [{ Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket } as const]
      : []),
    {
      Sid: "Key",
      Effect: "Allow",
      Action: all(keyActions),
      // By its alias, which is known before the key is; the key's own policy names the role a second time.
      Resource: arnOf.keys(place),
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliasOf(place, dataClass) } },
    },
  ];
  return policyDocument(statements);
}
