import { controlsOf } from "../../catalogue";
import { bucketTypes } from "../../reading/object-store";
import { matches, type Context, type Rule, type Subject } from "../../rule";

const storageClass = "kubernetes:storage.k8s.io/*:StorageClass";
const authorityTypes = ["tls:index/privateKey:PrivateKey", "tls:index/locallySignedCert:LocallySignedCert"];

/** A certificate that signs others, or the key of one: its request leads from one to the other. */
function isAuthority(subject: Subject, { resources }: Context): boolean {
  if (!subject.type.endsWith(":PrivateKey")) return subject.props.isCaCertificate === true;
  const requests = resources
    .filter(({ origins }) => origins?.privateKeyPem?.includes(subject.urn))
    .map(({ urn }) => urn);
  // A key that no certificate was asked for is trusted by itself, as that of service accounts' tokens is.
  if (requests.length === 0) return true;
  return resources.some(
    ({ props, origins }) =>
      props.isCaCertificate === true && origins?.certRequestPem?.some((urn) => requests.includes(urn)) === true,
  );
}

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
    "random:index/randomBytes:RandomBytes",
    // Authorities: whatever they issued has to be issued again when they are gone.
    ...authorityTypes,
    storageClass,
  ],
  remediation: "Register the resource with the option protect: true; to remove it on purpose, unprotect it first.",
  supports: controlsOf("IMM-05"),
  check(subject, examination, context) {
    if (matches([storageClass], subject.type)) {
      return examination.ask("reclaimPolicy", () =>
        subject.props.reclaimPolicy === "Retain" ? undefined : "a volume goes with its claim, and what is on it",
      );
    }
    if (authorityTypes.includes(subject.type) && !isAuthority(subject, context))
      return examination.notApplicable("it issues nothing, and is drawn anew before it ends");
    examination.ask("options.protect", () => (subject.protect ? undefined : "the resource is not protected"));
  },
};
