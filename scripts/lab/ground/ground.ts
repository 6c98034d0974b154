import { authorityNames } from "../../../components/certificates";
import { planSubstrate } from "../../../components/foundation";
import { leafArgsOf } from "../../../components/foundation/pki/planned-certificates";
import { Substrate, type LeafCertificate } from "../../../components/substrate";
import type { IdentityProvider } from "../../../rehearsal/identity-provider/identity-provider";
import type { Environment } from "../../../stacks/environment";
import { startIssuer } from "./issuer";
import { LabCertificates } from "./lab-certificates";

/** Where programs find the lab's object store. */
export interface StoreAddress {
  readonly endpoint: string;
  readonly region: string;
}

/** What stands below and beside the platform in a lab: its circles of trust, its issuer, and the Substrate they make. */
export interface Ground {
  readonly certificates: LabCertificates;
  readonly provider: IdentityProvider;
  readonly substrate: Substrate;
}

/** Makes certificates that are thrown away with the lab, starts the issuer, and plans the Substrate on both. */
export async function layGround(environment: Environment, store: StoreAddress): Promise<Ground> {
  const certificates = await LabCertificates.make(environment.organisation.slug);
  const leaves = await certificates.leaves(leafArgsOf(environment));
  const provider = await startIssuer(environment, certificates);
  return { certificates, provider, substrate: labSubstrate(environment, store, certificates, leaves) };
}

/** The Substrate that the foundation would offer, on the lab's own store and certificates. */
function labSubstrate(
  environment: Environment,
  { endpoint, region }: StoreAddress,
  certificates: LabCertificates,
  leaves: Record<string, LeafCertificate>,
): Substrate {
  const facts = planSubstrate(environment);
  const authorities = Object.fromEntries(authorityNames.map((name) => [name, certificates.authorities[name].root]));
  return new Substrate(
    {
      ...facts,
      objectStore: { ...facts.objectStore, endpoint, region },
      // The lab's store knows no roles: its programs are given keys in their environment.
      podIdentity: "eks-pod-identity",
      certificates: { authorities: authorities as typeof facts.certificates.authorities, leaves },
    },
    false,
  );
}
