import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { auditor } from "../../components/certificates";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { readEnvironment } from "../../stacks/environment";
import { wholeOption } from "../whole-option";
import { readAuthority, type AuthoritySource } from "./authority-source";
import { drawSerial, issueLeaf } from "./issue-leaf";

export interface IssueOptions extends AuthoritySource {
  readonly days: string;
  /** Default: `.cloister/pki/<environment>-auditor`. */
  readonly out?: string;
  readonly folder?: string;
  readonly json?: boolean;
}

/** `pki auditor <environment>`: a certificate with which the ledgers say where their chains stand. @returns the exit code. */
export async function issueAuditor(name: string, options: IssueOptions): Promise<number> {
  const days = wholeOption("--days", options.days, 1, 31);
  readEnvironment(name, options.folder);
  const authority = await readAuthority(name, auditor.authority, options);
  const terms = { serial: drawSerial(), now: new Date(), lifeHours: days * 24 };
  const { chain, privateKey, notAfter } = await issueLeaf(authority, auditor, terms);
  const folder = resolve(options.out ?? join(".cloister", "pki", `${name}-auditor`));
  writePrivateFile(join(folder, "key.pem"), privateKey);
  writeFileSync(join(folder, "certificate.pem"), chain);
  writeFileSync(join(folder, "authority.pem"), authority.root);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ folder, name: auditor.commonName, serial: terms.serial, until: notAfter }, null, 2)}\n`
      : [
          `${folder} holds certificate.pem, key.pem and authority.pem of ${auditor.commonName}, until ${notAfter}.`,
          "It opens GET /v1/head of each ledger, and nothing else. The record itself is proven from its bucket:",
          `npm run cloister -- ledger verify --authority ${join(folder, "authority.pem")} --bucket <audit bucket>`,
          "",
        ].join("\n"),
  );
  return 0;
}
