import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { planPodIdentities } from "./pod-identities-plan";

export interface PodIdentitiesArgs {
  readonly place: Place;
  /** The company's short name, part of names. */
  readonly organisation: string;
  /** Name of the EKS cluster. */
  readonly clusterName: pulumi.Input<string>;
}

/** What pods may do with data: one role for each service account that was granted a data class. */
export class PodIdentities extends pulumi.ComponentResource {
  /** Role of each identity that was granted a data class. */
  public readonly roleArns: Record<string, pulumi.Output<string>>;

  public constructor(name: string, args: PodIdentitiesArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:PodIdentities", name, {}, options);
    const laid = planPodIdentities(args.place, args.organisation).map((plan) => {
      const role = layRole(`${name}-${plan.suffix}-role`, plan.role, this);
      new aws.eks.PodIdentityAssociation(
        `${name}-${plan.suffix}`,
        {
          clusterName: args.clusterName,
          namespace: plan.namespace,
          serviceAccount: plan.serviceAccount,
          roleArn: role.arn,
        },
        { parent: this, dependsOn: role.rights },
      );
      return [plan.identity, role.arn] as const;
    });
    this.roleArns = Object.fromEntries(laid);
    this.registerOutputs({ roleArns: this.roleArns });
  }
}
