import { controlsOf } from "../../catalogue";
import { askStatements, conditionedBy } from "../../reading/policy-document";
import type { Properties, Rule } from "../../rule";

const ownKeys = ["aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalArn"];

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
        return undefined;
      });
    }
    if (type.endsWith(":Repository")) {
      return examination.ask("imageScanningConfiguration.scanOnPush", () =>
        props.imageScanningConfiguration?.scanOnPush === true ? undefined : "what is pushed is not scanned",
      );
    }
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
