import type { LeafCertificate } from "../../../components/substrate";
import { logIn } from "../../../rehearsal/identity-provider/log-in";
import type { Ground } from "./ground";

/** PEM of the authority that the door's certificate chains to. */
export const authorityOf = ({ certificates }: Ground): string => certificates.authorities.services.root;

/** What an application shows at the door. */
export const certificateOf = ({ substrate }: Ground, application: string): LeafCertificate =>
  substrate.certificate(`client-${application}`);

/** A token of a person, by the application that asks for them. */
export function tokenOf(ground: Ground, application: string, person: string): Promise<string> {
  const { chain, privateKey } = certificateOf(ground, application);
  return logIn({
    issuer: ground.provider.issuer,
    authority: authorityOf(ground),
    application: { name: application, chain, key: privateKey },
    person,
  });
}
