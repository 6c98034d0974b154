import type { IdentityProvider } from "../../../rehearsal/identity-provider/identity-provider";
import type { Environment } from "../../../stacks/environment";
import type { LabCertificates } from "./lab-certificates";
import { labPeople } from "./lab-people";

/** Starts a real OpenID provider in the company's place: people log in by name alone. */
export async function startIssuer(environment: Environment, certificates: LabCertificates): Promise<IdentityProvider> {
  const own = await certificates.issue({
    authority: "services",
    commonName: "login.lab.internal",
    dnsNames: ["login.lab.internal"],
    uses: ["server_auth"],
  });
  const { audience, groups } = environment.platform.people;
  // Only now: its library says at once on which Node it would rather run, which is no answer to a mistake.
  const provider = await import("../../../rehearsal/identity-provider/identity-provider");
  return provider.IdentityProvider.start({
    tls: { certificate: own.chain, key: own.privateKey, authority: certificates.authorities.clients.root },
    audience,
    applications: environment.platform.door.clients.map(({ name }) => name),
    people: labPeople(groups.map(({ name }) => name)),
  });
}
