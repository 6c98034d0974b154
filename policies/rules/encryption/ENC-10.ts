import { controlsOf } from "../../catalogue";
import type { Properties, Rule } from "../../rule";

export const enc10: Rule = {
  id: "ENC-10",
  title: "Log groups, secrets and repositories are encrypted with a customer-held key",
  severity: "medium",
  scope: "resource",
  types: ["aws:cloudwatch/logGroup:LogGroup", "aws:secretsmanager/secret:Secret", "aws:ecr/repository:Repository"],
  remediation:
    "Name the key that the environment keeps for it: kmsKeyId, or encryptionType KMS and kmsKey of a repository.",
  supports: controlsOf("ENC-10"),
  check(subject, examination) {
    const { props, type } = subject;
    if (!type.endsWith(":Repository")) {
      return examination.ask("kmsKeyId", () => (props.kmsKeyId ? undefined : "the provider's own key is used"));
    }
    examination.ask("encryptionConfigurations", () => {
      const [configuration] = (props.encryptionConfigurations ?? []) as Properties[];
      if (configuration?.encryptionType !== "KMS") return "it is not encrypted by KMS";
      return configuration.kmsKey ? undefined : "the provider's own key is used";
    });
  },
};
