import { controlsOf } from "../../catalogue";
import { notOwnKey } from "../../reading/cloud-name";
import type { Properties, Rule } from "../../rule";

export const enc10: Rule = {
  id: "ENC-10",
  title: "Log groups, secrets and repositories are encrypted with a customer-held key",
  severity: "medium",
  scope: "resource",
  types: [
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:secretsmanager/secret:Secret",
    "aws:ecr/repository:Repository",
    "aws:sns/topic:Topic",
  ],
  remediation:
    "Name the key that the environment keeps for it: kmsKeyId, or encryptionType KMS and kmsKey of a repository.",
  supports: controlsOf("ENC-10"),
  check(subject, examination) {
    const { props, type } = subject;
    if (!type.endsWith(":Repository")) {
      const property = type.endsWith(":Topic") ? "kmsMasterKeyId" : "kmsKeyId";
      return examination.ask(property, () => notOwnKey(props[property]));
    }
    examination.ask("encryptionConfigurations", () => {
      const [configuration] = (props.encryptionConfigurations ?? []) as Properties[];
      if (configuration?.encryptionType !== "KMS") return "it is not encrypted by KMS";
      return notOwnKey(configuration.kmsKey);
    });
  },
};
