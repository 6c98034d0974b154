import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { autoScaling, planKeys, type KeyPlan, type KeysPlanArgs, type KeyUse } from "./keys-plan";

export interface KeysArgs extends KeysPlanArgs {
  /** `make` the role as which Auto Scaling starts nodes; `found` where the account has it already. */
  readonly autoScalingRole: "make" | "found";
}

/** A customer-held key for each data class and for what the ground itself encrypts; kept when the stack is destroyed. */
export class Keys extends pulumi.ComponentResource {
  /** ARN of each key, by what it encrypts. */
  public readonly arns: Record<KeyUse, pulumi.Output<string>>;

  public constructor(name: string, args: KeysArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Keys", name, {}, options);
    const named =
      args.autoScalingRole === "make"
        ? [
            new aws.iam.ServiceLinkedRole(
              `${name}-auto-scaling-role`,
              { awsServiceName: autoScaling, description: "Starts the nodes of the cluster" },
              { parent: this },
            ),
          ]
        : [];
    this.arns = Object.fromEntries(
      planKeys(args).map((plan) => [
        plan.use,
        this.lay(`${name}-${plan.use}`, plan, plan.use === "volumes" ? named : []),
      ]),
    ) as Record<KeyUse, pulumi.Output<string>>;
    this.registerOutputs({ arns: this.arns });
  }

  private lay(prefix: string, plan: KeyPlan, dependsOn: pulumi.Resource[]): pulumi.Output<string> {
    // Without its key all that it encrypted is lost: destroying a stack must not do that.
    const keep = { parent: this, protect: true, retainOnDelete: true, dependsOn };
    const key = new aws.kms.Key(
      prefix,
      {
        description: plan.description,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: plan.policy,
        tags: { "cloister.dev/key-use": plan.use },
      },
      keep,
    );
    new aws.kms.Alias(`${prefix}-alias`, { name: plan.alias, targetKeyId: key.keyId }, { parent: this });
    return key.arn;
  }
}
