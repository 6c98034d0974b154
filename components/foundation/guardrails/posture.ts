import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixOf, type Place } from "../private-cloud/place";
import { passwordPolicy, roleNameOf, secondFactorPolicy } from "./posture-plan";

export interface PostureArgs {
  readonly place: Place;
  /** ARNs of the roles that people assume. They exist already: whoever deploys is one of them. */
  readonly humanRoles: readonly string[];
  /** Key of volumes that name none. */
  readonly volumeKeyArn: pulumi.Input<string>;
}

/** The account's own defaults: second factors, passwords, nothing public, nothing on disk in clear. */
export class Posture extends pulumi.ComponentResource {
  public constructor(name: string, args: PostureArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Posture", name, {}, options);
    const parent = { parent: this };
    this.demandSecondFactor(name, args);
    new aws.iam.AccountPasswordPolicy(`${name}-passwords`, passwordPolicy, parent);
    new aws.s3.AccountPublicAccessBlock(
      `${name}-public-access`,
      {
        accountId: args.place.account,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.ebs.EncryptionByDefault(`${name}-volumes`, { enabled: true }, parent);
    new aws.ebs.DefaultKmsKey(`${name}-volume-key`, { keyArn: args.volumeKeyArn }, parent);
    this.registerOutputs({});
  }

  private demandSecondFactor(name: string, { place, humanRoles }: PostureArgs): void {
    const policy = new aws.iam.Policy(
      `${name}-second-factor`,
      {
        name: `${prefixOf(place)}-second-factor`,
        description: "People's roles do nothing without a second factor",
        policy: secondFactorPolicy,
      },
      { parent: this },
    );
    for (const role of new Set(humanRoles.map(roleNameOf))) {
      new aws.iam.RolePolicyAttachment(
        `${name}-second-factor-${role}`,
        { role, policyArn: policy.arn },
        { parent: this },
      );
    }
  }
}
