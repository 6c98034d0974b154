import * as pulumi from "@pulumi/pulumi";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import type { PrivateCloudEnvironment } from "./private-cloud-plan";

/** A single-tenant AWS account: one VPC that has no way out. */
export class PrivateCloud extends pulumi.ComponentResource {
  public readonly substrate: pulumi.Output<SubstrateFacts>;

  public constructor(
    name: string,
    _args: FoundationArgs<PrivateCloudEnvironment>,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:PrivateCloud", name, {}, options);
    throw new Error("not laid yet");
  }
}
