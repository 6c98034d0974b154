import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import type { MachineSecrets } from "../machines/machine-secrets";
import { Machines } from "../machines/machines";
import { Pki } from "../pki/pki";
import { pkiArgsOf } from "../pki/planned-certificates";
import { ObjectStore, storeArgsOf } from "../storage/object-store";
import { planOnSite, type OnSiteEnvironment } from "./on-site-plan";

export type OnSiteArgs = FoundationArgs<OnSiteEnvironment>;

/** The ground of a building: certificates, the object store's buckets and what its machines boot with. */
export class OnSite extends pulumi.ComponentResource {
  /** What this ground offers the platform. */
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /** Secret: what the boot media are rendered from. It never reaches the platform. */
  public readonly machines: pulumi.Output<MachineSecrets>;

  public constructor(name: string, args: OnSiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:OnSite", name, {}, options);
    const { environment } = args;
    const facts = planOnSite(environment);
    const pki = new Pki(`${name}-pki`, pkiArgsOf(args), { parent: this });
    this.layStore(name, environment);
    this.machines = new Machines(`${name}-machines`, args, { parent: this }).secrets;
    this.substrate = pulumi
      .all(pki.leaves)
      .apply((leaves) => ({ ...facts, certificates: { authorities: pki.authorities, leaves } }));
    this.registerOutputs({ substrate: this.substrate });
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
