import type { Authority } from "../../components/foundation/pki/pki-plan";
import { KitError } from "../../components/kit-error";
import type { Environment } from "../../stacks/environment";
import { readAuthority } from "./authority-source";
import { readList, type RevocationList } from "./revocation-list";

const day = 86_400_000;

/**
 * Sees that the list of certificates that were taken back is one with which a door lets anybody in.
 *
 * @returns what a person should be warned of: that it is due before certificates are renewed.
 * @throws KitError where it is overdue, or another authority signed it: such a list shuts the door for everybody.
 */
export async function judgeList(
  { name, platform: { door } }: Pick<Environment, "name" | "platform">,
  authority: Pick<Authority, "certificate">,
  now: Date,
): Promise<string | undefined> {
  if (door.revokedCertificates === undefined) return undefined;
  const list = await readList(door.revokedCertificates, authority).catch((error: unknown) => (error as Error).message);
  const fault = typeof list === "string" ? list : overdue(list, now);
  if (fault !== undefined) {
    throw new KitError("With this list the door would let nobody in", [
      {
        path: `${name} platform.door.revokedCertificates`,
        found: fault,
        allowed: "a list that the clients' intermediate of today signed, and that still counts",
        mend: `sign it anew: \`npm run cloister -- pki crl ${name}\`, with --afresh where a ceremony came between`,
      },
    ]);
  }
  const { nextUpdate } = list as RevocationList;
  if (nextUpdate.getTime() - now.getTime() > door.renewBeforeDays * day) return undefined;
  const until = nextUpdate.toISOString().slice(0, 10);
  return `The list of revoked certificates is overdue on ${until}, and nobody is let in from then on: \`npm run cloister -- pki crl ${name}\`.`;
}

const overdue = ({ nextUpdate }: RevocationList, now: Date): string | undefined =>
  nextUpdate.getTime() > now.getTime() ? undefined : `one that was due on ${nextUpdate.toISOString()}`;

/** The same for a deployed environment, whose authority its stack knows; where there is no list, nobody is asked. */
export async function judgeDeployedList(environment: Environment): Promise<string | undefined> {
  if (environment.platform.door.revokedCertificates === undefined) return undefined;
  return judgeList(environment, await readAuthority(environment.name, "clients", {}), new Date());
}
