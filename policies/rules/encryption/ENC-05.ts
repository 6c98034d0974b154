import { controlsOf } from "../../catalogue";
import { parametersOf, type Parameters } from "../../controls/parameters";
import type { Examination } from "../../examination";
import { notOneArn } from "../../reading/cloud-name";
import type { Rule, Subject } from "../../rule";

/** Bytes of a drawn key, 256 bits of them; a character of a password holds no less than five bits, so 160 of these. */
const shortestRandom = 32;

const usages = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];

/** What was deleted by mistake can be had again for a while, and no secret is for ever. */
function secret({ type, props }: Subject, examination: Examination, { secretRotationMost: most }: Parameters): void {
  if (type.endsWith(":Secret")) {
    examination.ask("forceOverwriteReplicaSecret", () =>
      props.forceOverwriteReplicaSecret === true ? "a secret of the same name elsewhere is overwritten" : undefined,
    );
    return examination.ask("recoveryWindowInDays", () => {
      const days = (props.recoveryWindowInDays as number | undefined) ?? 30;
      return days >= 7 && days <= 30 ? undefined : `deletion waits ${days} days; wanted 7 to 30`;
    });
  }
  examination.ask("rotationLambdaArn", () => notOneArn("lambda", props.rotationLambdaArn));
  examination.ask("rotationRules", () => {
    const days = Number(props.rotationRules?.automaticallyAfterDays ?? 0);
    if (props.rotationRules?.scheduleExpression !== undefined) return undefined;
    return days >= 1 && days <= most.value
      ? undefined
      : `it is drawn anew after ${days} days; at most ${most.value} (${most.source})`;
  });
}

/** Keys that are strong enough, and certificates that end, are renewed before, and are of no use as an authority. */
function material({ type, props }: Subject, examination: Examination, parameters: Parameters): void {
  if (type.endsWith(":PrivateKey")) {
    return examination.ask("algorithm", () => {
      const { algorithm, ecdsaCurve, rsaBits } = props as Record<string, unknown>;
      if (algorithm === "ED25519") return undefined;
      if (algorithm === "ECDSA") {
        return /^P(256|384|521)$/.test(String(ecdsaCurve))
          ? undefined
          : `the curve is ${String(ecdsaCurve)}; wanted P256 or stronger`;
      }
      if (algorithm !== "RSA") return `${String(algorithm)} is no algorithm of keys`;
      return Number(rsaBits ?? 2048) >= 3072 ? undefined : "an RSA key of fewer than 3072 bits";
    });
  }
  const authority = props.isCaCertificate === true;
  const most = authority ? parameters.authorityMost : parameters.certificateMost;
  examination.ask("validityPeriodHours", () => {
    const days = Number(props.validityPeriodHours) / 24;
    return days > 0 && days <= most.value
      ? undefined
      : `it is good for ${days} days; wanted 1 to ${most.value} (${most.source})`;
  });
  if (authority) {
    examination.ask("maxPathLength", () =>
      props.maxPathLength === 0
        ? undefined
        : "it may make further authorities, which nobody holds to a circle of trust",
    );
    return examination.ask("allowedUses", () => {
      const uses = (props.allowedUses ?? []) as string[];
      if (!uses.includes("cert_signing")) return "it may issue others, and signs none";
      const more = uses.find((use) => !/^(cert_signing|crl_signing|digital_signature)$/.test(use));
      return more === undefined ? undefined : `it issues others, and may be used for ${more}`;
    });
  }
  examination.ask("earlyRenewalHours", () => {
    const [early, all] = [Number(props.earlyRenewalHours ?? 0), Number(props.validityPeriodHours)];
    return early > 0 && early < all ? undefined : `it is renewed ${early} hours before its end, of ${all}`;
  });
  examination.ask("allowedUses", () => {
    const uses = (props.allowedUses ?? []) as string[];
    if (!uses.some((use) => use === "server_auth" || use === "client_auth"))
      return "it is for neither end of a connection";
    if (!uses.includes("digital_signature")) return "it signs no handshake";
    const more = uses.find((use) => /cert_signing|crl_signing|any_extended|code_signing/.test(use));
    return more === undefined ? undefined : `it may be used for ${more}`;
  });
}

export const enc05: Rule = {
  id: "ENC-05",
  title: "Keys rotate, wait 30 days before deletion, and never bypass the lockout check",
  severity: "high",
  scope: "resource",
  types: [
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretRotation:SecretRotation",
    "tls:index/privateKey:PrivateKey",
    "tls:index/locallySignedCert:LocallySignedCert",
    "random:index/randomPassword:RandomPassword",
    "random:index/randomBytes:RandomBytes",
  ],
  remediation:
    "Set enableKeyRotation: true and deletionWindowInDays: 30, and leave bypassPolicyLockoutSafetyCheck off.",
  supports: controlsOf("ENC-05"),
  check(key, examination, { settings }) {
    const parameters = parametersOf(settings.frameworks);
    if (key.type.startsWith("random:")) {
      return examination.ask("length", () => {
        const length = Number(key.props.length ?? 0);
        return length >= shortestRandom ? undefined : `${length} characters can be guessed; wanted ${shortestRandom}`;
      });
    }
    if (key.type.startsWith("tls:")) return material(key, examination, parameters);
    if (key.type.startsWith("aws:secretsmanager/")) return secret(key, examination, parameters);
    examination.ask("isEnabled", () => (key.props.isEnabled === false ? "the key is off" : undefined));
    examination.ask("enableKeyRotation", () => {
      const usage = (key.props.keyUsage as string | undefined) ?? "ENCRYPT_DECRYPT";
      const specification = (key.props.customerMasterKeySpec as string | undefined) ?? "SYMMETRIC_DEFAULT";
      if (!usages.includes(usage)) return `${usage} is no use of a key`;
      if (!/^(SYMMETRIC_DEFAULT|RSA_[234]\d+|ECC_\w+|HMAC_\d+|ML_DSA_\d+)$/.test(specification))
        return `${specification} is no kind of key`;
      // Only symmetric encryption keys can rotate: the cloud refuses it for the others.
      if (usage !== "ENCRYPT_DECRYPT" || specification !== "SYMMETRIC_DEFAULT") return undefined;
      if (key.props.enableKeyRotation !== true) return "the key does not rotate";
      const most = parameters.keyRotationMost;
      const days = (key.props.rotationPeriodInDays as number | undefined) ?? 365;
      return days <= most.value ? undefined : `it rotates after ${days} days; at most ${most.value} (${most.source})`;
    });
    examination.ask("deletionWindowInDays", () => {
      const days = (key.props.deletionWindowInDays as number | undefined) ?? 30;
      const least = parameters.keyDeletionLeast;
      // The least that is asked is also the most that the cloud takes.
      return days === least.value ? undefined : `deletion waits ${days} days; wanted ${least.value} (${least.source})`;
    });
    examination.ask("bypassPolicyLockoutSafetyCheck", () =>
      key.props.bypassPolicyLockoutSafetyCheck === true ? "the lockout check is bypassed" : undefined,
    );
  },
};
