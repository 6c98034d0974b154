import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { LeafCertificate } from "../../substrate";
import type { Authority } from "./pki-plan";

/** What one certificate says, and for how long. */
export interface LeafPlan {
  readonly issuer: Authority;
  readonly commonName: string;
  /** The company, as certificates name it. */
  readonly organisation: string;
  readonly dnsNames: readonly string[];
  /** Beside digital signature, such as `client_auth`. */
  readonly uses: readonly string[];
  /** Kind of its key. Default: ECDSA on P-256. */
  readonly algorithm?: "ED25519";
  readonly lifeDays: number;
  /** Renewed this many days before its end, at the next `up`. */
  readonly renewBeforeDays: number;
}

/** PEM certificates one after another. */
export const joinPem = (...certificates: string[]): string => certificates.map((pem) => `${pem.trim()}\n`).join("");

const kindOf = ({ algorithm }: LeafPlan) =>
  algorithm === undefined ? { algorithm: "ECDSA", ecdsaCurve: "P256" } : { algorithm };

/** Issues one certificate as children of `parent`; its key is made here, and a secret. */
export function issueLeaf(prefix: string, plan: LeafPlan, parent: pulumi.Resource): pulumi.Output<LeafCertificate> {
  const { issuer } = plan;
  const options = { parent };
  const key = new tls.PrivateKey(`${prefix}-key`, kindOf(plan), options);
  const request = new tls.CertRequest(
    `${prefix}-request`,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: plan.commonName, organization: plan.organisation },
      dnsNames: [...plan.dnsNames],
    },
    options,
  );
  const certificate = new tls.LocallySignedCert(
    `${prefix}-certificate`,
    {
      certRequestPem: request.certRequestPem,
      caCertPem: issuer.certificate,
      caPrivateKeyPem: pulumi.secret(issuer.privateKey),
      allowedUses: ["digital_signature", ...plan.uses],
      validityPeriodHours: plan.lifeDays * 24,
      earlyRenewalHours: plan.renewBeforeDays * 24,
      setSubjectKeyId: true,
    },
    options,
  );
  return pulumi.secret(
    pulumi
      .all([certificate.certPem, key.privateKeyPemPkcs8, certificate.validityEndTime])
      .apply(([leaf, privateKey, notAfter]) => ({ chain: joinPem(leaf, issuer.certificate), privateKey, notAfter })),
  );
}
