import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../stacks/environment";
import { dataClass, type DataClassName } from "../../data-classes";
import { layBucket } from "./bucket";
import { planObjectStore, type ObjectStorePlanArgs } from "./object-store-plan";

export interface ObjectStoreArgs extends ObjectStorePlanArgs {
  /** Key of each class, where the store encrypts by key. */
  readonly keyArns?: Readonly<Record<DataClassName, pulumi.Input<string>>>;
  /** Team that answers for what the buckets hold. */
  readonly owner: string;
}

/** What the environment itself says of its store, whatever the store is. */
export const storeArgsOf = (environment: Environment) => ({
  organisation: environment.organisation.slug,
  environment: environment.name,
  owner: environment.organisation.owner,
  auditRetentionDays: environment.auditRetentionDays,
});

/** A bucket for each data class, on AWS or on any store with the S3 API: the provider's endpoint decides. */
export class ObjectStore extends pulumi.ComponentResource {
  /** Bucket name by data class. */
  public readonly buckets: Record<DataClassName, string>;

  public constructor(name: string, args: ObjectStoreArgs, options: pulumi.ComponentResourceOptions) {
    super("cloister:index:ObjectStore", name, {}, options);
    const plans = planObjectStore(args);
    for (const plan of plans) {
      const tags = {
        "cloister.dev/data-class": plan.dataClass,
        "cloister.dev/environment": args.environment,
        "cloister.dev/owner": args.owner,
      };
      layBucket(
        `${name}-${plan.dataClass}`,
        plan,
        {
          capabilities: args.capabilities,
          tags,
          purpose: dataClass(plan.dataClass).purpose,
          keyArn: args.keyArns?.[plan.dataClass],
        },
        this,
      );
    }
    this.buckets = Object.fromEntries(plans.map((plan) => [plan.dataClass, plan.bucket])) as Record<
      DataClassName,
      string
    >;
    this.registerOutputs({ buckets: this.buckets });
  }
}
