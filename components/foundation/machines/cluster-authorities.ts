import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Authority } from "../pki/pki-plan";
import type { ClusterAuthorityName, KeyPair } from "./machine-secrets";
import { clusterAuthorityDays, planAuthorities, type AuthorityPlan } from "./machines-plan";

export interface ClusterAuthoritiesArgs {
  /** Name of the environment, part of the authorities' names. */
  readonly environment: string;
  /** The company's short name, part of names. */
  readonly organisation: string;
  /** The circle's intermediate: it may sign authorities, and its root stays offline. */
  readonly issuer: Authority;
}

/** What a later ceremony or a new default would change: a cluster keeps the authorities it was born with. */
const kept = ["caCertPem", "caPrivateKeyPem", "certRequestPem", "validityPeriodHours", "allowedUses", "subject"];
const never = { protect: true, retainOnDelete: true, ignoreChanges: kept };

/**
 * The authorities of the cluster and the key of its service accounts. They are given to a first server once and live on
 * in etcd: to make them anew here would change nothing there, so nothing here replaces them.
 */
export class ClusterAuthorities extends pulumi.ComponentResource {
  /** Certificate and key of each authority. Secret. */
  public readonly pairs: pulumi.Output<Record<ClusterAuthorityName, KeyPair>>;
  /** Secret, PEM. */
  public readonly serviceAccountKey: pulumi.Output<string>;

  public constructor(name: string, args: ClusterAuthoritiesArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:ClusterAuthorities", name, {}, options);
    const pairs = planAuthorities(args.environment).map((plan) => [plan.name, this.sign(name, plan, args)] as const);
    this.pairs = pulumi.secret(
      pulumi.output(Object.fromEntries(pairs) as Record<ClusterAuthorityName, pulumi.Output<KeyPair>>),
    );
    // RSA: relying parties of OpenID Connect need only know RS256.
    this.serviceAccountKey = new tls.PrivateKey(
      `${name}-service-accounts`,
      { algorithm: "RSA", rsaBits: 3072 },
      { parent: this, protect: true, retainOnDelete: true },
    ).privateKeyPem;
    this.registerOutputs({});
  }

  private sign(name: string, plan: AuthorityPlan, args: ClusterAuthoritiesArgs): pulumi.Output<KeyPair> {
    const { issuer, organisation } = args;
    const key = new tls.PrivateKey(
      `${name}-${plan.name}-key`,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const request = new tls.CertRequest(
      `${name}-${plan.name}-request`,
      { privateKeyPem: key.privateKeyPem, subject: { commonName: plan.commonName, organization: organisation } },
      { parent: this, ignoreChanges: ["subject"] },
    );
    const certificate = new tls.LocallySignedCert(
      `${name}-${plan.name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: issuer.certificate,
        caPrivateKeyPem: pulumi.secret(issuer.privateKey),
        isCaCertificate: true,
        // Leaves, and no further authority.
        maxPathLength: 0,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
        validityPeriodHours: clusterAuthorityDays * 24,
        setSubjectKeyId: true,
      },
      { parent: this, ...never },
    );
    const chain = plan.withChain ? [issuer.certificate, issuer.root] : [];
    return pulumi
      .all([certificate.certPem, key.privateKeyPem])
      .apply(([own, privateKey]) => ({ certificate: joined(own, ...chain), key: privateKey }));
  }
}

const joined = (...certificates: string[]): string => certificates.map((pem) => `${pem.trim()}\n`).join("");
