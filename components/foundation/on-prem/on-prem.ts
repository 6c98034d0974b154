import * as pulumi from "@pulumi/pulumi";
import type { OnPremFootprint } from "../../../stacks/schema/on-prem";
import type { Environment } from "../../../stacks/environment";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import { OnSite } from "../on-site/on-site";

export type OnPremEnvironment = Environment & { readonly footprint: OnPremFootprint };

/** An air-gapped rack: all that a building needs, and nothing that reaches out of it. */
export class OnPrem extends pulumi.ComponentResource {
  /** What this ground offers the platform. */
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /** `machines`: secret, what the boot media are rendered from. */
  public readonly outputs: Readonly<Record<string, pulumi.Output<unknown>>>;

  public constructor(name: string, args: FoundationArgs<OnPremEnvironment>, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:OnPrem", name, {}, options);
    const ground = new OnSite(`${name}-site`, args, { parent: this });
    this.substrate = ground.substrate;
    this.outputs = { machines: ground.machines };
    this.registerOutputs({ substrate: this.substrate });
  }
}
