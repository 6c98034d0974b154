import { controlsOf } from "../../catalogue";
import { parametersOf, type Bound } from "../../controls/parameters";
import type { Examination } from "../../examination";
import { askOrganisation, guardrails } from "../../reading/organisation";
import type { Properties, Rule } from "../../rule";

const kinds = [
  "aws:backup/plan:Plan",
  "aws:backup/selection:Selection",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
];

function backups(kind: string, props: Properties, examination: Examination, longest: Bound): void {
  if (kind === "Vault") {
    return examination.ask("forceDestroy", () =>
      props.forceDestroy === true ? "copies go with the vault" : undefined,
    );
  }
  if (kind === "Plan") {
    return examination.ask("rules", () => {
      const rules = (props.rules ?? []) as Properties[];
      if (!rules.every(({ schedule }) => schedule)) return "it runs at no time";
      const days = rules.map(({ lifecycle }) => Number(lifecycle?.deleteAfter ?? 0));
      const wrong = days.find((kept) => !(kept >= 7 && kept <= longest.value));
      if (days.length === 0) return "it has no rule";
      return wrong === undefined
        ? undefined
        : `copies are kept for ${wrong} days; wanted 7 to ${longest.value} (${longest.source})`;
    });
  }
  examination.ask("", () => {
    const {
      minRetentionDays: least,
      maxRetentionDays: most,
      changeableForDays: changeable,
    } = props as Record<string, number | undefined>;
    if (!(Number(least) >= 1)) return "a copy may be deleted on the day it was made";
    if (!(Number(most) >= Number(least) && Number(most) <= longest.value))
      return `copies may be kept for ${String(most)} days; at most ${longest.value} (${longest.source})`;
    // Without a number the lock can be taken off by whoever may; three days is the least that AWS takes.
    return Number(changeable) >= 3 && Number(changeable) <= 30 ? undefined : "the lock never closes";
  });
}

/** What takes copies away, or the lock that keeps them. */
const losing = ["backup:DeleteBackupVault", "backup:DeleteBackupVaultLockConfiguration", "backup:DeleteRecoveryPoint"];

export const avl04: Rule = {
  id: "AVL-04",
  title: "The cluster is protected from deletion and backups cover the model registry",
  severity: "high",
  scope: "stack",
  types: [
    "aws:eks/cluster:Cluster",
    "aws:backup/vault:Vault",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    "aws:backup/plan:Plan",
    guardrails,
  ],
  remediation:
    "Set deletionProtection of the cluster, and give the account a backup plan with a selection, into a locked vault.",
  supports: controlsOf("AVL-04"),
  check(cluster, examination, context) {
    if (cluster.type === guardrails) return askOrganisation(cluster.props, examination, losing);
    const kind = cluster.type.split(":").at(-1) ?? "";
    if (kind !== "Cluster")
      return backups(kind, cluster.props, examination, parametersOf(context.settings.frameworks).lockMost);
    examination.ask("options.protect", () => (cluster.protect ? undefined : "it goes with its stack"));
    examination.ask("deletionProtection", () =>
      cluster.props.deletionProtection === true ? undefined : "the cluster may be deleted at once",
    );
    const has = (type: string) => context.resources.some((resource) => resource.type === type);
    examination.ask("backup plan", () => {
      const missing = kinds.filter((kind) => !has(kind));
      return missing.length === 0
        ? undefined
        : `there is no ${missing.map((kind) => kind.split(":").at(-1)).join(", no ")}`;
    });
  },
};
