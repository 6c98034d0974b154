import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeCapabilities } from "../../substrate";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { layBucket, type LaidBucket } from "../storage/bucket";
import { bucketName } from "../storage/object-store-plan";
import { conformanceTemplate, planCopierRole, planRecordBucket, planRecorderRole } from "./configuration-record-plan";

export interface ConfigurationRecordArgs {
  readonly place: Place;
  /** Short name of the company. */
  readonly organisation: string;
  /** Mail address of the team that answers for the environment. */
  readonly owner: string;
  /** Key of the bucket that AWS Config delivers into. */
  readonly keyArn: pulumi.Input<string>;
  /** Key of the audit bucket, for the copies. */
  readonly auditKeyArn: pulumi.Input<string>;
}

/** What every resource of the account was like at any time, judged by AWS's own rules and copied under the audit lock. */
export class ConfigurationRecord extends pulumi.ComponentResource {
  public constructor(name: string, args: ConfigurationRecordArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:ConfigurationRecord", name, {}, options);
    const bucket = this.layBucket(name, args);
    this.copyUnderLock(name, args, bucket);
    const recording = this.record(name, args, bucket);
    new aws.cfg.ConformancePack(
      `${name}-pack`,
      { name: prefixOf(args.place), templateBody: conformanceTemplate() },
      { parent: this, dependsOn: [recording] },
    );
    this.registerOutputs({});
  }

  private layBucket(name: string, { place, organisation, owner, keyArn }: ConfigurationRecordArgs): LaidBucket {
    const tags = {
      "cloister.dev/environment": place.environment,
      "cloister.dev/owner": owner,
      "cloister.dev/data-class": "configuration-record",
    };
    const purpose = "Files of AWS Config until they are copied under the audit lock";
    const plan = planRecordBucket(place, organisation);
    return layBucket(`${name}-bucket`, plan, { capabilities: storeCapabilities, tags, purpose, keyArn }, this);
  }

  private copyUnderLock(name: string, args: ConfigurationRecordArgs, from: LaidBucket): void {
    const { place, organisation } = args;
    const role = layRole(`${name}-copier`, planCopierRole(place, organisation), this);
    new aws.s3.BucketReplicationConfig(
      `${name}-copies`,
      {
        bucket: from.bucket.bucket,
        role: role.arn,
        rules: [
          {
            id: "under-lock",
            status: "Enabled",
            filter: {},
            priority: 1,
            // Who deletes a file here leaves its copy alone.
            deleteMarkerReplication: { status: "Disabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: arnOf.bucket(place, bucketName(organisation, place.environment, "audit")),
              encryptionConfiguration: { replicaKmsKeyId: args.auditKeyArn },
            },
          },
        ],
      },
      { parent: this, dependsOn: [...from.ready, ...role.rights] },
    );
  }

  private record(name: string, { place, organisation, keyArn }: ConfigurationRecordArgs, into: LaidBucket) {
    const role = layRole(`${name}-recorder-role`, planRecorderRole(place, organisation), this);
    const recorder = new aws.cfg.Recorder(
      `${name}-recorder`,
      {
        name: prefixOf(place),
        roleArn: role.arn,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      },
      { parent: this, dependsOn: role.rights },
    );
    const channel = new aws.cfg.DeliveryChannel(
      `${name}-channel`,
      {
        name: prefixOf(place),
        s3BucketName: into.bucket.bucket,
        // Without it AWS Config asks for a key of AWS, which the bucket refuses.
        s3KmsKeyArn: keyArn,
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      { parent: this, dependsOn: [recorder, ...into.ready] },
    );
    return new aws.cfg.RecorderStatus(
      `${name}-recording`,
      { name: recorder.name, isEnabled: true },
      { parent: this, dependsOn: [channel] },
    );
  }
}
