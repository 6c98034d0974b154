import * as pulumi from "@pulumi/pulumi";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import type { MachineSecrets } from "../machines/machine-secrets";
import { Machines } from "../machines/machines";
import { Pki } from "../pki/pki";
import { pkiArgsOf } from "../pki/planned-certificates";
import { ObjectStore, storeArgsOf } from "../storage/object-store";
import { s3Provider } from "../storage/s3-provider";
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
    const provider = s3Provider(`${name}-store`, { endpoint: store.endpoint, region: store.region }, this);
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
