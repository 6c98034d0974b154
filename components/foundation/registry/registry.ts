import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixOf, type Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { planMirrorRole, planRepositories, repositoryPolicy } from "./registry-plan";

export interface RegistryArgs {
  readonly place: Place;
  /** Key that encrypts the images. */
  readonly keyArn: pulumi.Input<string>;
  /** ARNs of the roles that may become the mirror. */
  readonly administrators: readonly string[];
}

/**
 * The private registry: what was pushed under a tag stays what it was, is scanned as long as it is there, is encrypted by
 * our key, and is pulled by nodes alone.
 */
export class Registry extends pulumi.ComponentResource {
  public constructor(name: string, args: RegistryArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Registry", name, {}, options);
    const { place } = args;
    const mirror = layRole(`${name}-mirror`, planMirrorRole(place, args.administrators), this);
    for (const { image, repository } of planRepositories(place)) {
      const laid = new aws.ecr.Repository(
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
      // There is no lifecycle: an image that a lock names must not vanish because newer ones came.
      new aws.ecr.RepositoryPolicy(
        `${name}-${image}-policy`,
        { repository: laid.name, policy: repositoryPolicy(place) },
        { parent: this, dependsOn: mirror.rights },
      );
    }
    new aws.ecr.RegistryScanningConfiguration(
      `${name}-scanning`,
      {
        scanType: "ENHANCED",
        // What was clean when it was pushed is looked at again when a flaw becomes known.
        rules: [
          {
            scanFrequency: "CONTINUOUS_SCAN",
            repositoryFilters: [{ filter: `${prefixOf(place)}/*`, filterType: "WILDCARD" }],
          },
        ],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
