import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ColocationFootprint } from "../../../stacks/schema/colocation";
import type { Environment } from "../../../stacks/environment";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import { OnSite } from "../on-site/on-site";

export type ColocationEnvironment = Environment & { readonly footprint: ColocationFootprint };

/** A cage in somebody else's building: the ground of a site, and the secret of the link that ties it to the company. */
export class Colocation extends pulumi.ComponentResource {
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /** Secret, base64 of 32 bytes: mixed into the link's key exchange on both ends. */
  public readonly linkPresharedKey: pulumi.Output<string>;

  public constructor(
    name: string,
    args: FoundationArgs<ColocationEnvironment>,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:Colocation", name, {}, options);
    const ground = new OnSite(`${name}-site`, args, { parent: this });
    this.linkPresharedKey = new random.RandomBytes(
      `${name}-link-preshared-key`,
      { length: 32 },
      { parent: this },
    ).base64;
    this.substrate = ground.substrate;
    this.registerOutputs({ substrate: this.substrate, linkPresharedKey: this.linkPresharedKey });
  }
}
