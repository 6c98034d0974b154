import * as pulumi from "@pulumi/pulumi";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import { OnSite } from "../on-site/on-site";
import { accessRecordSource } from "./access-records";
import { BackupTarget } from "./backup-target";
import type { ColocationEnvironment } from "./link-flows";
import { SiteLink } from "./site-link";

export type { ColocationEnvironment } from "./link-flows";

/**
 * A cage in somebody else's building: the ground of a site, the one link that ties it to the company, and a second copy of
 * the backups where the environment names a place for it. How its disks unlock and how its machines are kept from the
 * management network is in the machines' own seeds (`tangUnlock`, `planManagementIsolation`, `gatewayRoutes`).
 */
export class Colocation extends pulumi.ComponentResource {
  /** What this ground offers the platform. */
  public readonly substrate: pulumi.Output<SubstrateFacts>;
  /**
   * `machines` and `siteLink`: secret, what the boot media and both ends of the link are rendered from;
   * `backupRepository`: secret, where and by which key backups go; `accessRecords`: where the building's records are.
   */
  public readonly outputs: Readonly<Record<string, pulumi.Output<unknown>>>;

  public constructor(
    name: string,
    args: FoundationArgs<ColocationEnvironment>,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:Colocation", name, {}, options);
    const { environment } = args;
    const target = environment.footprint.backupTarget;
    const ground = new OnSite(`${name}-site`, args, { parent: this });
    const link = new SiteLink(`${name}-link`, { environment }, { parent: this });
    const backup =
      target === undefined
        ? undefined
        : new BackupTarget(`${name}-backup-target`, { environment, target }, { parent: this });
    this.substrate = ground.substrate;
    this.outputs = {
      machines: ground.machines,
      siteLink: link.files,
      ...(link.publicKey === undefined ? {} : { siteLinkPublicKey: link.publicKey }),
      ...(backup === undefined ? {} : { backupRepository: backup.repository }),
      accessRecords: pulumi.output(accessRecordSource(environment)),
    };
    this.registerOutputs({ substrate: this.substrate });
  }
}
