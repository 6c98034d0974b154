import * as pulumi from "@pulumi/pulumi";
import {
  authorityNames,
  leafSpecifications,
  type AuthorityName,
  type LeafArgs,
  type LeafSpecification,
} from "../../certificates";
import type { LeafCertificate } from "../../substrate";
import { issueLeaf, joinPem, type LeafPlan } from "./leaf";
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
      authorityNames.map((authority) => [authority, joinPem(args.authorities[authority].root)] as const),
    ) as Record<AuthorityName, string>;
    this.leaves = Object.fromEntries(
      Object.entries(leafSpecifications(args)).map(([leaf, specification]) => [
        leaf,
        issueLeaf(`${name}-${leaf}`, leafPlan(specification, args), this),
      ]),
    );
    this.registerOutputs({ leaves: pulumi.secret(this.leaves) });
  }
}

const leafPlan = (
  { authority, commonName, dnsNames, uses, algorithm }: LeafSpecification,
  args: PkiArgs,
): LeafPlan => ({
  ...(algorithm === undefined ? {} : { algorithm }),
  issuer: args.authorities[authority],
  commonName,
  organisation: args.organisation,
  dnsNames,
  uses,
  lifeDays: args.certificateDays,
  renewBeforeDays: args.renewBeforeDays,
});
