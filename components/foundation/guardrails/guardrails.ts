import * as pulumi from "@pulumi/pulumi";
import type { GuardrailSettings } from "../../../stacks/schema/guardrails";
import type { KeyUse } from "../keys/keys-plan";
import type { Place } from "../private-cloud/place";
import { Alarms } from "./alarms";
import { Backups } from "./backups";
import { ConfigurationRecord } from "./configuration-record";
import { Detection } from "./detection";
import { Posture } from "./posture";
import { planServiceControlPolicies } from "./service-control-plan";
import { Trail } from "./trail";

export interface GuardrailsArgs {
  readonly place: Place;
  /** Short name of the company. */
  readonly organisation: string;
  /** Mail address of the team that answers for the environment; alarms go there unless the settings name another. */
  readonly owner: string;
  /** ARNs of the roles that deploy and administer. */
  readonly administrators: readonly string[];
  /** What the environment file sets of them. */
  readonly settings: GuardrailSettings;
  /** Keys by what they encrypt. */
  readonly keyArns: Readonly<Record<KeyUse, pulumi.Input<string>>>;
  /** The audit bucket with its policy: the trail and the copies end there. */
  readonly store: pulumi.Resource;
}

/** What watches the account itself and cannot be switched off unseen; one environment has the account to itself. */
export class Guardrails extends pulumi.ComponentResource {
  /** JSON of the policies that the organisation's own account attaches to this one, by name. */
  public readonly serviceControlPolicies: Record<string, string>;

  public constructor(name: string, args: GuardrailsArgs, options?: pulumi.ComponentResourceOptions) {
    const { place, organisation, owner, administrators, settings, keyArns } = args;
    const serviceControlPolicies = planServiceControlPolicies({
      place,
      allowedRegions: [place.region, ...settings.furtherRegions.map(({ region }) => region)],
      administrators,
    });
    // Made by nobody here: shown as an input, so that a preview is judged by it.
    super("cloister:index:Guardrails", name, { serviceControlPolicies }, options);
    this.serviceControlPolicies = serviceControlPolicies;
    const parent = { parent: this };
    const intoStore = { parent: this, dependsOn: [args.store] };
    new Trail(`${name}-trail`, { place, organisation, keyArn: keyArns.audit }, intoStore);
    new ConfigurationRecord(
      `${name}-record`,
      { place, organisation, owner, keyArn: keyArns.config, auditKeyArn: keyArns.audit },
      intoStore,
    );
    new Detection(`${name}-detection`, { place }, parent);
    new Alarms(
      `${name}-alarms`,
      {
        place,
        mail: settings.alarmMail ?? owner,
        keyArn: keyArns.alarms,
        ...(settings.monthlyBudgetUsd === undefined ? {} : { monthlyBudgetUsd: settings.monthlyBudgetUsd }),
      },
      parent,
    );
    new Posture(
      `${name}-posture`,
      { place, humanRoles: [...administrators, ...settings.humanRoles], volumeKeyArn: keyArns.volumes },
      parent,
    );
    new Backups(`${name}-backups`, { place, keyArn: keyArns.backups }, parent);
    this.registerOutputs({ serviceControlPolicies: this.serviceControlPolicies });
  }
}
