import { join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { readEnvironment } from "../../stacks/environment";
import { projectDirectory, RehearsalFiles } from "../rehearse/rehearsal-files";
import { requireWritableFolder } from "../writable-folder";
import { RunRecords } from "./run-records";
import { environmentSigningKey, rehearsalSigningKey } from "./signing-key";
import { evidencePaths, writeLastEvidence } from "./write-evidence-set";

export interface EvidenceOptions {
  /** Folder of the set. Default: `.cloister/evidence/<environment>`, or the rehearsal's own. */
  readonly out?: string;
  /** Of the environment's last rehearsal instead of its last run. */
  readonly rehearsed?: boolean;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** With `rehearsed`: folder in which rehearsals keep their files. */
  readonly state?: string;
  readonly json?: boolean;
}

/** Where the evidence of a real environment lies unless a person names another place. */
export const evidenceFolder = (name: string): string => join(projectDirectory, ".cloister", "evidence", name);

/** Where the runs of a real environment keep their files. */
export const runsDirectory = (name: string): string => join(projectDirectory, ".cloister", "environments", name);

/**
 * `evidence <environment>`: writes the evidence of the last run anew, and signs it.
 *
 * @throws KitError where nothing ran yet, or there is no key.
 */
export async function evidence(name: string, options: EvidenceOptions): Promise<number> {
  readEnvironment(name, options.folder);
  const rehearsed = options.rehearsed === true;
  const files = new RehearsalFiles(name, options.state === undefined ? undefined : resolve(options.state));
  const folder = options.out ?? (rehearsed ? files.evidence : evidenceFolder(name));
  requireWritableFolder({ path: folder, option: "--out" });
  const records = new RunRecords(rehearsed ? files.directory : runsDirectory(name));
  const last = records.latest();
  if (last === undefined) throw noRun(name, rehearsed);
  const key = rehearsed
    ? rehearsalSigningKey(files.directory)
    : await environmentSigningKey({ name, folder: options.folder });
  writeLastEvidence(records, folder, key);
  const { generatedAt, outcome } = last.run.input;
  const written = { environment: name, run: generatedAt, outcome, origin: key.origin, keyid: key.keyid };
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ...written, files: evidencePaths(folder) }, null, 2)}\n`);
    return 0;
  }
  const by = rehearsed ? "the rehearsal's own key, which proves nothing about anything real" : `the key ${key.keyid}`;
  process.stdout.write(
    [
      `Wrote the evidence of the run of ${generatedAt} (${outcome}), signed by ${by}:`,
      ...Object.values(evidencePaths(folder)).map((path) => `  ${path}`),
      "",
    ].join("\n"),
  );
  return 0;
}

const noRun = (name: string, rehearsed: boolean): KitError =>
  new KitError("There is nothing to give evidence of", [
    {
      path: rehearsed ? "the last rehearsal" : "the last run",
      found: "none",
      allowed: "a run through the gate",
      mend: rehearsed
        ? `run \`npm run rehearse -- ${name}\` first, with the same --state`
        : `run \`npm run cloister -- up ${name}\` or \`up ${name} --preview\` first, or add --rehearsed`,
    },
  ]);
