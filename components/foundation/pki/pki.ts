import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import {
  authorityNames,
  leafSpecifications,
  type AuthorityName,
  type LeafArgs,
  type LeafSpecification,
} from "../../certificates";
import type { LeafCertificate } from "../../substrate";
import type { Authorities } from "./pki-plan";

export interface PkiArgs extends LeafArgs {
  readonly authorities: Authorities;
  /** Lifetime of a certificate, days. */
  readonly certificateDays: number;
  /** Renewed this many days before its end, at the next `up`. */
  readonly renewBeforeDays: number;
  /** The company, as certificates name it. */
  readonly organisation: string;
}

/** The certificates of every hop, issued by the intermediates; keys are P-256 and made here. */
export class Pki extends pulumi.ComponentResource {
  /** PEM of each circle's root. */
  public readonly authorities: Record<AuthorityName, string>;
  /** Certificates by name, each with its chain, its key (secret) and its end. */
  public readonly leaves: Record<string, pulumi.Output<LeafCertificate>>;

  public constructor(name: string, args: PkiArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Pki", name, {}, options);
    this.authorities = Object.fromEntries(
      authorityNames.map((authority) => [authority, join(args.authorities[authority].root)] as const),
    ) as Record<AuthorityName, string>;
    this.leaves = Object.fromEntries(
      Object.entries(leafSpecifications(args)).map(([leaf, specification]) => [
        leaf,
        this.issue(`${name}-${leaf}`, specification, args),
      ]),
    );
    this.registerOutputs({ leaves: pulumi.secret(this.leaves) });
  }

  private issue(prefix: string, specification: LeafSpecification, args: PkiArgs): pulumi.Output<LeafCertificate> {
    const parent = { parent: this };
    const issuer = args.authorities[specification.authority];
    const key = new tls.PrivateKey(`${prefix}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const request = new tls.CertRequest(
      `${prefix}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: specification.commonName, organization: args.organisation },
        dnsNames: [...specification.dnsNames],
      },
      parent,
    );
    const certificate = new tls.LocallySignedCert(
      `${prefix}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: issuer.certificate,
        caPrivateKeyPem: pulumi.secret(issuer.privateKey),
        allowedUses: ["digital_signature", ...specification.uses],
        validityPeriodHours: args.certificateDays * 24,
        earlyRenewalHours: args.renewBeforeDays * 24,
        setSubjectKeyId: true,
      },
      parent,
    );
    return pulumi.secret(
      pulumi
        .all([certificate.certPem, key.privateKeyPemPkcs8, certificate.validityEndTime])
        .apply(([leaf, privateKey, notAfter]) => ({ chain: join(leaf, issuer.certificate), privateKey, notAfter })),
    );
  }
}

const join = (...certificates: string[]): string => certificates.map((pem) => pem.trim() + "\n").join("");
