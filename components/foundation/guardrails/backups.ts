import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { planBackupRole, planBackups } from "./backups-plan";
import { guardrailNames } from "./guardrail-names";

export interface BackupsArgs {
  readonly place: Place;
  /** Key of the vault. */
  readonly keyArn: pulumi.Input<string>;
}

/** Recovery points of volumes and databases, in a vault whose lock binds the account's root user too. */
export class Backups extends pulumi.ComponentResource {
  public constructor(name: string, { place, keyArn }: BackupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Backups", name, {}, options);
    const names = guardrailNames(place);
    const plan = planBackups();
    const keep = { parent: this, protect: true, retainOnDelete: true };
    const vault = new aws.backup.Vault(`${name}-vault`, { name: names.backups, kmsKeyArn: keyArn }, keep);
    const lock = new aws.backup.VaultLockConfiguration(
      `${name}-lock`,
      { backupVaultName: vault.name, ...plan.lock },
      keep,
    );
    const daily = new aws.backup.Plan(
      `${name}-plan`,
      {
        name: names.backups,
        rules: [
          {
            ruleName: "daily",
            targetVaultName: vault.name,
            schedule: plan.schedule,
            lifecycle: { deleteAfter: plan.keepDays },
          },
        ],
      },
      { parent: this, dependsOn: [lock] },
    );
    const role = layRole(`${name}-role`, planBackupRole(place), this);
    new aws.backup.Selection(
      `${name}-selection`,
      {
        name: names.backups,
        planId: daily.id,
        iamRoleArn: role.arn,
        selectionTags: plan.selectedBy.map((tag) => ({ type: "STRINGEQUALS", ...tag })),
      },
      { parent: this, dependsOn: role.rights },
    );
    this.registerOutputs({});
  }
}
