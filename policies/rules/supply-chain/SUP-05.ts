import { controlsOf } from "../../catalogue";
import { undenied } from "../../reading/denials";
import { askStatements, conditionedBy, statementsOf } from "../../reading/policy-document";
import type { Properties, Rule } from "../../rule";

const ownKeys = ["aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalArn"];

/** What only those may who are named, and what nobody may: an image that is gone takes its evidence with it. */
const named = [
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];
const never = ["ecr:BatchDeleteImage", "ecr:DeleteRepository"];

const namesSome = (filters: unknown): boolean =>
  Array.isArray(filters) &&
  filters.length > 0 &&
  filters.every(({ filter, filterType }) => filter && filterType === "WILDCARD");

export const sup05: Rule = {
  id: "SUP-05",
  title: "Repositories scan what is pushed and are private",
  severity: "high",
  scope: "resource",
  types: [
    "aws:ecr/repository:Repository",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:ecrpublic/repository:Repository",
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  ],
  remediation: "Set imageScanningConfiguration.scanOnPush, and let the repository's policy name roles of the account.",
  supports: controlsOf("SUP-05"),
  check(subject, examination) {
    const { props, type } = subject;
    if (type.startsWith("aws:ecrpublic/")) return examination.ask("", () => "the repository is public");
    if (type.endsWith(":RegistryScanningConfiguration")) {
      return examination.ask("scanType", () => {
        if (props.scanType !== "ENHANCED")
          return `scans are ${String(props.scanType)}: packages of languages are not looked at`;
        const frequencies = ((props.rules ?? []) as Properties[]).map(({ scanFrequency }) => String(scanFrequency));
        const rarely = frequencies.find((one) => one !== "CONTINUOUS_SCAN" && one !== "SCAN_ON_PUSH");
        if (frequencies.length === 0 || rarely !== undefined) return `images are scanned ${rarely ?? "never"}`;
        const filters = ((props.rules ?? []) as Properties[]).map(
          ({ repositoryFilters }) => repositoryFilters as unknown,
        );
        return filters.every(namesSome) ? undefined : "a rule scans no repository";
      });
    }
    if (type.endsWith(":Repository")) {
      return examination.ask("imageScanningConfiguration.scanOnPush", () =>
        props.imageScanningConfiguration?.scanOnPush === true ? undefined : "what is pushed is not scanned",
      );
    }
    examination.ask("repository", () => (props.repository ? undefined : "it hangs on no repository"));
    examination.ask("policy", () => {
      const statements = statementsOf(props.policy);
      const open = [...undenied(statements, named, { butNames: true }), ...undenied(statements, never)];
      return open.length === 0 ? undefined : `${open.join(", ")} is denied to nobody`;
    });
    askStatements(
      "policy",
      () => props.policy as unknown,
      examination,
      (statement) =>
        statement.allows && statement.principals.includes("*") && !conditionedBy(statement, ownKeys)
          ? "everyone is admitted"
          : undefined,
    );
  },
};
