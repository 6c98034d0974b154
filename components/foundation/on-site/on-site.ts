import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import { Pki } from "../pki/pki";
import { pkiArgsOf } from "../pki/planned-certificates";
import { ObjectStore, storeArgsOf } from "../storage/object-store";
import { planOnSite, type OnSiteEnvironment } from "./on-site-plan";

export type OnSiteArgs = FoundationArgs<OnSiteEnvironment>;

/** The ground of a building: certificates, the object store's buckets and the token by which machines join. */
export class OnSite extends pulumi.ComponentResource {
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /** Secret: by it a machine joins the cluster. */
  public readonly joinToken: pulumi.Output<string>;

  public constructor(name: string, args: OnSiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:OnSite", name, {}, options);
    const { environment } = args;
    const facts = planOnSite(environment);
    const pki = new Pki(`${name}-pki`, pkiArgsOf(args), { parent: this });
    this.layStore(name, environment);
    this.joinToken = new random.RandomPassword(
      `${name}-join-token`,
      { length: 64, special: false },
      { parent: this, additionalSecretOutputs: ["result"] },
    ).result;
    this.substrate = pulumi
      .all(pki.leaves)
      .apply((leaves) => ({ ...facts, certificates: { authorities: pki.authorities, leaves } }));
    this.registerOutputs({ substrate: this.substrate, joinToken: this.joinToken });
  }

  private layStore(name: string, environment: OnSiteEnvironment): ObjectStore {
    const store = environment.footprint.objectStore;
    // Any S3 API: what only AWS has is switched off, and credentials come from the deployer's own environment.
    const provider = new aws.Provider(
      `${name}-store`,
      {
        region: store.region as aws.Region,
        endpoints: [{ s3: store.endpoint }],
        s3UsePathStyle: true,
        skipCredentialsValidation: true,
        skipMetadataApiCheck: true,
        skipRegionValidation: true,
        skipRequestingAccountId: true,
      },
      { parent: this },
    );
    return new ObjectStore(
      `${name}-object-store`,
      {
        ...storeArgsOf(environment),
        capabilities: store.capabilities,
        partition: "aws",
      },
      { parent: this, provider },
    );
  }
}
