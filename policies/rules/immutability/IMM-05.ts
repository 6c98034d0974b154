import { controlsOf } from "../../catalogue";
import { bucketTypes, dataClassOf } from "../../reading/object-store";
import type { Rule } from "../../rule";

export const imm05: Rule = {
  id: "IMM-05",
  title: "Audit data, weights and customer-held keys are protected from deletion",
  severity: "critical",
  scope: "stack",
  types: [
    ...bucketTypes,
    "aws:kms/key:Key",
    "aws:cloudtrail/trail:Trail",
    "aws:backup/vault:Vault",
    "aws:secretsmanager/secret:Secret",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:s3/*:BucketObjectLockConfiguration",
    // Keys of disks and tokens of machines: a new one opens nothing that the old one closed.
    "random:index/randomPassword:RandomPassword",
  ],
  remediation: "Register the resource with the option protect: true; to remove it on purpose, unprotect it first.",
  supports: controlsOf("IMM-05"),
  check(subject, examination) {
    if (bucketTypes.includes(subject.type)) {
      const dataClass = dataClassOf(subject);
      if (dataClass !== "audit" && dataClass !== "weights") {
        return examination.notApplicable("the bucket holds neither audit data nor weights");
      }
    }
    examination.ask("options.protect", () => (subject.protect ? undefined : "the resource is not protected"));
  },
};
