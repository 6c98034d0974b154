import type { CheckFailure, Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { arnOf, exactlyOne, text, under } from "../definition";
import type { Definition, Definitions } from "../definition";
import { arn, between, matching, oneOf } from "../rules";

const named = (most: number, allowed = "[\\w.-]"): NonNullable<Definition["name"]> => ({
  property: "name",
  rule: matching(new RegExp(`^${allowed}{1,${most}}$`), `1 to ${most} letters, digits, or any of . _ -`),
});

const listed = (value: Json | undefined): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A selector of data events must say of which resources; one of management events must not. */
function selectorFailures({ advancedEventSelectors, eventSelectors }: Properties): CheckFailure[] {
  const both =
    advancedEventSelectors !== undefined && eventSelectors !== undefined
      ? [{ property: "eventSelectors", reason: "contradicts advancedEventSelectors; give one of the two" }]
      : [];
  const wrong = listed(advancedEventSelectors).flatMap(({ fieldSelectors }, index): CheckFailure[] => {
    const fields = listed(fieldSelectors);
    const category = fields.find(({ field }) => field === "eventCategory")?.equals;
    const path = `advancedEventSelectors[${index}].fieldSelectors`;
    if (!Array.isArray(category) || category.length !== 1) {
      return [{ property: path, reason: "found no eventCategory that equals one value" }];
    }
    const types = fields.some(({ field }) => field === "resources.type");
    return category[0] === "Data" && !types
      ? [{ property: path, reason: "found no resources.type: data events need one" }]
      : [];
  });
  return [...both, ...wrong];
}

/** Stand-ins for what records: the trail, AWS Config and the copies of its files. */
export const recordKinds: Definitions = {
  "aws:cloudtrail/trail:Trail": {
    name: {
      ...named(128),
      rule: matching(/^[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/, "3 to 128 letters, digits, . _ or -"),
    },
    defaults: { enableLogFileValidation: false, enableLogging: true, includeGlobalServiceEvents: true },
    replaceOn: ["name"],
    rules: {
      kmsKeyId: arn("kms"),
      s3KeyPrefix: matching(/^.{0,200}$/, "at most 200 characters"),
      "advancedEventSelectors[*].fieldSelectors[*].field": oneOf(
        ...["eventCategory", "eventName", "eventSource", "readOnly", "resources.ARN", "resources.type"],
        ...["eventType", "sessionCredentialFromConsole", "userIdentity.arn", "errorCode", "vpcEndpointId"],
      ),
    },
    alsoCheck: selectorFailures,
    id: (resource) => arnOf(resource, "cloudtrail", `trail/${text(resource.inputs, "name")}`),
    outputs: ({ id, scope }) => ({ arn: id, homeRegion: scope.region }),
  },
  "aws:cfg/recorder:Recorder": {
    name: named(256),
    replaceOn: ["name"],
    rules: { roleArn: arn("iam") },
    id: ({ inputs }) => text(inputs, "name"),
  },
  "aws:cfg/deliveryChannel:DeliveryChannel": {
    name: named(256),
    replaceOn: ["name"],
    rules: {
      s3KmsKeyArn: arn("kms"),
      snsTopicArn: arn("sns"),
      "snapshotDeliveryProperties.deliveryFrequency": oneOf(
        ...["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"],
      ),
    },
    id: ({ inputs }) => text(inputs, "name"),
  },
  "aws:cfg/recorderStatus:RecorderStatus": {
    name: named(256),
    replaceOn: ["name"],
    id: ({ inputs }) => text(inputs, "name"),
  },
  "aws:cfg/conformancePack:ConformancePack": {
    name: { ...named(256), rule: matching(/^[A-Za-z][A-Za-z0-9-]{0,255}$/, "a letter, then letters, digits and -") },
    replaceOn: ["name"],
    rules: { templateBody: matching(/^.{1,51200}$/s, "a template of at most 51200 bytes") },
    alsoCheck: (inputs) => exactlyOne(inputs, "templateBody", "templateS3Uri"),
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({
      arn: arnOf(resource, "config", `conformance-pack/${resource.id}/conformance-pack-${resource.digits(9)}`),
    }),
  },
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
    replaceOn: ["bucket"],
    secretOutputs: ["token"],
    rules: {
      role: arn("iam"),
      "rules[*].status": oneOf("Enabled", "Disabled"),
      "rules[*].id": matching(/^.{1,255}$/, "1 to 255 characters"),
      "rules[*].priority": between(0, 2_147_483_647),
      "rules[*].deleteMarkerReplication.status": oneOf("Enabled", "Disabled"),
      "rules[*].sourceSelectionCriteria.sseKmsEncryptedObjects.status": oneOf("Enabled", "Disabled"),
      "rules[*].destination.bucket": arn("s3"),
      "rules[*].destination.encryptionConfiguration.replicaKmsKeyId": arn("kms"),
    },
    // What is encrypted by a key is copied only where the rule says by which key the copy is.
    alsoCheck: ({ rules }) =>
      listed(rules).flatMap(({ sourceSelectionCriteria, destination }, index) =>
        isObject(sourceSelectionCriteria) &&
        isObject(sourceSelectionCriteria.sseKmsEncryptedObjects) &&
        isObject(destination) &&
        destination.encryptionConfiguration === undefined
          ? under(`rules[${index}].destination`, [
              { property: "encryptionConfiguration", reason: "found nothing: copies of encrypted objects need a key" },
            ])
          : [],
      ),
    id: ({ inputs }) => text(inputs, "bucket"),
  },
};
