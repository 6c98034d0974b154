import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixOf, type Place } from "../private-cloud/place";

export interface DetectionArgs {
  readonly place: Place;
}

/**
 * What GuardDuty watches beside the network and the trail. The agent on the nodes comes with the cluster's add-ons, at
 * a pinned version: GuardDuty itself must install nothing.
 */
const features = {
  "s3-data": { name: "S3_DATA_EVENTS" },
  "eks-audit": { name: "EKS_AUDIT_LOGS" },
  volumes: { name: "EBS_MALWARE_PROTECTION" },
  "database-logins": { name: "RDS_LOGIN_EVENTS" },
  runtime: {
    name: "RUNTIME_MONITORING",
    additionalConfigurations: [
      { name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" },
      { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "DISABLED" },
      { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
    ],
  },
};

/** Who behaves as an intruder would, and what can be reached from outside the account. */
export class Detection extends pulumi.ComponentResource {
  public constructor(name: string, { place }: DetectionArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Detection", name, {}, options);
    const parent = { parent: this };
    const detector = new aws.guardduty.Detector(
      `${name}-detector`,
      { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
      parent,
    );
    for (const [suffix, feature] of Object.entries(features)) {
      new aws.guardduty.DetectorFeature(
        `${name}-${suffix}`,
        { detectorId: detector.id, status: "ENABLED", ...feature },
        parent,
      );
    }
    new aws.accessanalyzer.Analyzer(`${name}-access`, { analyzerName: prefixOf(place), type: "ACCOUNT" }, parent);
    this.registerOutputs({});
  }
}
