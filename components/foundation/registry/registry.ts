import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { planRepositories } from "./registry-plan";

export interface RegistryArgs {
  readonly place: Place;
  readonly keyArn: pulumi.Input<string>;
}

/** The private registry: what was pushed under a tag stays what it was, is scanned, and is encrypted by our key. */
export class Registry extends pulumi.ComponentResource {
  public constructor(name: string, args: RegistryArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Registry", name, {}, options);
    for (const { image, repository } of planRepositories(args.place)) {
      new aws.ecr.Repository(
        `${name}-${image}`,
        {
          name: repository,
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
          forceDelete: false,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
