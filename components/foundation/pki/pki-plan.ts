import { X509Certificate } from "node:crypto";
import { authorityNames, type AuthorityName } from "../../certificates";
import { KitError, type Mistake } from "../../kit-error";

/** What the offline ceremony hands to the foundation. The root's key is not among it and never enters state. */
export interface Authorities {
  /** PEM of the root. */
  readonly root: string;
  readonly intermediates: Readonly<
    Record<AuthorityName, { readonly certificate: string; readonly privateKey: string }>
  >;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Checks the authorities before anything is made: each signed by the root, an authority, and alive for longer than the
 * certificates it will issue.
 *
 * @param leafDays lifetime of a leaf certificate, days.
 * @param now milliseconds since 1970.
 * @throws KitError with every fault of every authority.
 */
export function checkAuthorities(environment: string, authorities: Authorities, leafDays: number, now: number): void {
  const root = new X509Certificate(authorities.root);
  const mend = `run \`npm run cloister -- pki ${environment} --renew\` where the root key is kept`;
  const mistakes = authorityNames.flatMap((name): Mistake[] => {
    const path = `cloister:pki intermediates.${name}`;
    const intermediate = authorities.intermediates[name];
    if (intermediate === undefined) return [{ path, found: "nothing", allowed: "an intermediate", mend }];
    const certificate = new X509Certificate(intermediate.certificate);
    const end = Date.parse(certificate.validTo);
    const faults: Mistake[] = [];
    if (!certificate.ca) faults.push({ path, found: "no authority", allowed: "a certificate with CA:TRUE", mend });
    if (!certificate.verify(root.publicKey)) {
      faults.push({ path, found: "a signature of another root", allowed: "one of the root beside it", mend });
    }
    if (end < now + leafDays * day) {
      faults.push({
        path,
        found: `an end on ${new Date(end).toISOString().slice(0, 10)}`,
        allowed: `${leafDays} days or more from now, the lifetime of what it issues`,
        mend,
      });
    }
    return faults;
  });
  if (mistakes.length > 0) throw new KitError(`The certificate authorities of ${environment} cannot issue`, mistakes);
}
