import { controlsOf } from "../../catalogue";
import { notOwnKey } from "../../reading/cloud-name";
import type { Rule } from "../../rule";

export const enc03: Rule = {
  id: "ENC-03",
  title: "The cluster's secrets are enveloped with a customer-held key",
  severity: "critical",
  scope: "resource",
  types: ["aws:eks/cluster:Cluster"],
  remediation: 'Set encryptionConfig with resources ["secrets"] and the ARN of a customer-held key.',
  supports: controlsOf("ENC-03"),
  check(cluster, examination) {
    examination.ask("encryptionConfig.resources", () =>
      (cluster.props.encryptionConfig?.resources as string[] | undefined)?.includes("secrets")
        ? undefined
        : "secrets are not among the enveloped resources",
    );
    examination.ask("encryptionConfig.provider.keyArn", () =>
      notOwnKey(cluster.props.encryptionConfig?.provider?.keyArn),
    );
  },
};
