import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import type { Authority } from "../../components/foundation/pki/pki-plan";
import { KitError, type Mistake } from "../../components/kit-error";
import { parseEnvironment, readEnvironment, stacksFolder } from "../../stacks/environment";
import { wholeOption } from "../whole-option";
import { readAuthority, type AuthoritySource } from "./authority-source";
import { issued, readList, serialOf, signList, type Revoked, type RevocationList } from "./revocation-list";
import { withRevoked } from "./revoked-setting";

export interface RevokeOptions extends AuthoritySource {
  /** Days until the next list is due. */
  readonly days: string;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** Begin an empty list: the old one is of an intermediate that is no more. */
  readonly afresh?: boolean;
  readonly json?: boolean;
}

/**
 * `pki revoke <environment> <certificate|serial>…` and, with nothing to revoke, `pki crl <environment>`: signs the list of
 * what was taken back, and writes it into the environment's file. @returns the exit code.
 */
export async function revoke(name: string, given: readonly string[], options: RevokeOptions): Promise<number> {
  const days = wholeOption("--days", options.days, 1, 397);
  const { door } = readEnvironment(name, options.folder).platform;
  const authority = await readAuthority(name, "clients", options);
  const list = await listOf(name, options.afresh === true ? undefined : door.revokedCertificates, authority);
  const now = new Date();
  const known = new Set(list.revoked.map(({ serial }) => serial));
  const added = [...new Set(serialsOf(given, authority))].filter((serial) => !known.has(serial));
  const revoked = [...list.revoked, ...added.map((serial): Revoked => ({ serial, since: now }))];
  const signed = await signList(authority, revoked, { now, days });
  const { nextUpdate } = await readList(signed, authority);
  const path = write(name, signed, options.folder);
  const until = nextUpdate.toISOString();
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ path, added, revoked: revoked.map(({ serial }) => serial), until }, null, 2)}\n`
      : told({ name, path, given: given.length, added, count: revoked.length, until }),
  );
  return 0;
}

/** The list that is in force, once it is known to be the authority's own. */
async function listOf(name: string, pem: string | undefined, authority: Authority): Promise<RevocationList> {
  if (pem === undefined) return { revoked: [], nextUpdate: new Date(0) };
  try {
    return await readList(pem, authority);
  } catch (error) {
    throw new KitError("The list in force cannot be carried on", [
      {
        path: `${name} platform.door.revokedCertificates`,
        found: (error as Error).message,
        allowed: "a list of the clients' intermediate of today",
        mend: "after a ceremony certificates are issued anew by another intermediate: begin a list of its own with `pki crl --afresh`",
      },
    ]);
  }
}

/** @throws KitError with everything that is no certificate of this authority, and no serial number. */
function serialsOf(given: readonly string[], authority: Authority): string[] {
  const mistakes: Mistake[] = [];
  const mend = "name the file of an application's certificate, PEM, or its serial number, hexadecimal";
  const serials = given.flatMap((one) => {
    if (!existsSync(one)) {
      const serial = serialOf(one);
      if (serial === undefined) mistakes.push({ path: one, found: "no file", allowed: "a certificate", mend });
      return serial ?? [];
    }
    const pem = readFileSync(one, "utf8");
    const certificate = certificateIn(pem);
    if (certificate === undefined) {
      mistakes.push({ path: one, found: "no certificate", allowed: "PEM", mend });
    } else if (!issued(authority, pem)) {
      mistakes.push({
        path: one,
        found: `a certificate of ${certificate.issuer.replaceAll("\n", ", ")}, signed by another key`,
        allowed: "one that the clients' intermediate of this environment issued",
        mend: "a door would not find it on this list: revoke it where it was issued, or look whether it is the right file",
      });
    }
    return certificate === undefined ? [] : (serialOf(certificate.serialNumber) ?? []);
  });
  if (mistakes.length > 0) throw new KitError("They cannot be taken back", mistakes);
  return serials;
}

function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Puts the list into the environment's file, if that is then still one. @returns the file. */
function write(name: string, list: string, folder: string = stacksFolder): string {
  const path = join(folder, `${name}.yaml`);
  const text = withRevoked(readFileSync(path, "utf8"), list);
  if (text === undefined) {
    throw new KitError("The list has no place in the file", [
      {
        path: `${path} platform.door`,
        found: "all of it on one line",
        allowed: "a line for each setting",
        mend: "write `platform.door` with a line for each setting, and run this again",
      },
    ]);
  }
  parseEnvironment(text, path);
  writeFileSync(path, text);
  return path;
}

interface Told {
  readonly name: string;
  readonly path: string;
  readonly given: number;
  readonly added: readonly string[];
  readonly count: number;
  readonly until: string;
}

const told = ({ name, path, given, added, count, until }: Told): string =>
  [
    ...(added.length === 0
      ? given === 0
        ? []
        : ["What was named was on the list already."]
      : [`Taken back: ${added.join(", ")}.`]),
    `The list of ${name} holds ${count} certificate${count === 1 ? "" : "s"} and counts until ${until}.`,
    `It is platform.door.revokedCertificates in ${path}: see the difference, have it reviewed, then \`npm run cloister -- up ${name}\`.`,
    "Doors that run follow it without a restart. Connections that are open end within some three minutes; no answer is cut.",
    `Once it is overdue nobody is let in any more: renew it before, with \`npm run cloister -- pki crl ${name}\`, and bring that up.`,
    "",
  ].join("\n");
