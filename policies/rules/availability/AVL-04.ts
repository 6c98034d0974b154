import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

const kinds = [
  "aws:backup/plan:Plan",
  "aws:backup/selection:Selection",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
];

export const avl04: Rule = {
  id: "AVL-04",
  title: "The cluster is protected from deletion and backups cover the model registry",
  severity: "high",
  scope: "stack",
  types: ["aws:eks/cluster:Cluster"],
  remediation:
    "Set deletionProtection of the cluster, and give the account a backup plan with a selection, into a locked vault.",
  supports: controlsOf("AVL-04"),
  check(cluster, examination, context) {
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
