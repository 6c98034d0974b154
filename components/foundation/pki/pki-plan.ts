import { X509Certificate } from "node:crypto";
import { authorityNames, leastDays, type AuthorityName } from "../../certificates";
import { KitError, type Mistake } from "../../kit-error";

/** One circle of trust: who is trusted is told by its root alone, and no other circle's certificate chains to that. */
export interface Authority {
  /** PEM of the circle's own root, whose key never enters state. */
  readonly root: string;
  /** PEM of the intermediate that issues. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

/**
 * What the offline ceremony hands to the foundation. A root shared between circles would undo them: a server that judges
 * by the root accepts whatever any intermediate below it issued.
 */
export type Authorities = Readonly<Record<AuthorityName, Authority>>;

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
  const mend = `run \`npm run cloister -- pki ${environment} --roots FILE\` where the roots are kept`;
  const mistakes = authorityNames.flatMap((name): Mistake[] => {
    const path = `cloister:pki ${name}`;
    const intermediate = authorities[name];
    if (intermediate === undefined) return [{ path, found: "nothing", allowed: "an intermediate", mend }];
    const certificate = new X509Certificate(intermediate.certificate);
    const end = Date.parse(certificate.validTo);
    const faults: Mistake[] = [];
    if (!certificate.ca) faults.push({ path, found: "no authority", allowed: "a certificate with CA:TRUE", mend });
    if (!certificate.verify(new X509Certificate(intermediate.root).publicKey)) {
      faults.push({ path, found: "a signature of another root", allowed: "one of the root beside it", mend });
    }
    const days = Math.max(leafDays, leastDays[name]);
    if (end < now + days * day) {
      faults.push({
        path,
        found: `an end on ${new Date(end).toISOString().slice(0, 10)}`,
        allowed: `${days} days or more from now, the lifetime of what it issues`,
        mend,
      });
    }
    return faults;
  });
  const shared = authorityNames.filter(
    (name, index) =>
      authorityNames.findIndex((other) => authorities[other]?.root === authorities[name]?.root) !== index,
  );
  mistakes.push(
    ...shared.flatMap((name): Mistake[] =>
      authorities[name] === undefined
        ? []
        : [{ path: `cloister:pki ${name}`, found: "the root of another circle", allowed: "a root of its own", mend }],
    ),
  );
  if (mistakes.length > 0) throw new KitError(`The certificate authorities of ${environment} cannot issue`, mistakes);
}
