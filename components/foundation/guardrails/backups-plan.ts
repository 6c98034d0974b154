import { dataClass } from "../../data-classes";
import { erasureDays } from "../storage/object-store-plan";
import { arnOf, type Place } from "../private-cloud/place";
import { trustOf } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { guardrailNames } from "./guardrail-names";

/** Days of grace in which the vault's lock can still be lifted; three are the fewest that AWS takes. */
const graceDays = 3;

export interface BackupsPlan {
  readonly lock: {
    readonly changeableForDays: number;
    readonly minRetentionDays: number;
    readonly maxRetentionDays: number;
  };
  /** Days that a recovery point is kept. */
  readonly keepDays: number;
  /** When a backup starts, UTC, as AWS writes it. */
  readonly schedule: string;
  /** Tags of what is backed up: any of them. */
  readonly selectedBy: readonly { readonly key: string; readonly value: string }[];
}

/**
 * A vault whose recovery points nobody deletes early. They may hold personal data, so none is kept longer than an erasure
 * may take, whatever the class says; the vault itself refuses a longer time.
 */
export function planBackups(): BackupsPlan {
  const { lock, expireAfterDays = erasureDays } = dataClass("backups");
  const keepDays = Math.min(expireAfterDays, erasureDays);
  return {
    lock: {
      changeableForDays: graceDays,
      minRetentionDays: Math.min(lock?.days ?? 1, keepDays),
      maxRetentionDays: keepDays,
    },
    keepDays,
    schedule: "cron(0 1 * * ? *)",
    selectedBy: [
      // The volume driver marks so what it makes for pods.
      { key: "ebs.csi.aws.com/cluster", value: "true" },
      { key: "cloister.dev/backup", value: "true" },
    ],
  };
}

export const planBackupRole = (place: Place): RolePlan => ({
  name: guardrailNames(place).roles.backup,
  description: "AWS Backup: makes and restores recovery points",
  trust: trustOf("backup.amazonaws.com"),
  managed: [
    arnOf.managedPolicy(place, "service-role/AWSBackupServiceRolePolicyForBackup"),
    arnOf.managedPolicy(place, "service-role/AWSBackupServiceRolePolicyForRestores"),
  ],
});
