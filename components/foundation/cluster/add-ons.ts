import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { layRole } from "../private-cloud/role";
import type { AddOnPlan } from "./add-ons-plan";

export interface AddOnsArgs {
  /** Name of the EKS cluster. */
  readonly clusterName: pulumi.Input<string>;
  /** Add-ons and their versions. */
  readonly plans: readonly AddOnPlan[];
  /** What must be up first. */
  readonly after?: pulumi.Resource[];
}

/** Add-ons that EKS maintains; what somebody changed in the cluster is put back. */
export class AddOns extends pulumi.ComponentResource {
  public constructor(name: string, args: AddOnsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:AddOns", name, {}, options);
    for (const { addOn, version, configuration, identity } of args.plans) {
      const role = identity === undefined ? undefined : layRole(`${name}-${addOn}-role`, identity.role, this);
      new aws.eks.Addon(
        `${name}-${addOn}`,
        {
          clusterName: args.clusterName,
          addonName: addOn,
          ...(version === undefined ? {} : { addonVersion: version }),
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          ...(configuration === undefined ? {} : { configurationValues: configuration }),
          ...(identity === undefined || role === undefined
            ? {}
            : { podIdentityAssociations: [{ serviceAccount: identity.serviceAccount, roleArn: role.arn }] }),
        },
        { parent: this, dependsOn: [...(args.after ?? []), ...(role?.rights ?? [])] },
      );
    }
    this.registerOutputs({});
  }
}
