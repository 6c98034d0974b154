import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { bucketName } from "../storage/object-store-plan";
import { guardrailNames, trailPrefix } from "./guardrail-names";
import { planEventSelectors } from "./trail-plan";

export interface TrailArgs {
  readonly place: Place;
  /** Short name of the company. */
  readonly organisation: string;
  /** Key of the audit bucket. */
  readonly keyArn: pulumi.Input<string>;
}

/** Who called what in the account, in all regions: signed in a chain, encrypted by our key, under the audit lock. */
export class Trail extends pulumi.ComponentResource {
  /** The trail's ARN. */
  public readonly arn: pulumi.Output<string>;

  public constructor(name: string, args: TrailArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Trail", name, {}, options);
    const { place, organisation } = args;
    const trail = new aws.cloudtrail.Trail(
      `${name}-events`,
      {
        name: guardrailNames(place).trail,
        s3BucketName: bucketName(organisation, place.environment, "audit"),
        s3KeyPrefix: trailPrefix,
        kmsKeyId: args.keyArn,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        advancedEventSelectors: planEventSelectors(place, organisation),
      },
      // Taking it away is what an intruder does first.
      { parent: this, protect: true },
    );
    this.arn = trail.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
