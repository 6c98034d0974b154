import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { signStatement } from "../../policies/attestation/dsse";
import { evidenceStatement } from "../../policies/attestation/test-result";
import { attestationFile, evidenceFiles } from "../../policies/evidence/attested-names";
import { csv } from "../../policies/evidence/csv";
import type { EvidenceInput } from "../../policies/evidence/evidence";
import { oscal } from "../../policies/evidence/oscal";
import { componentDefinition } from "../../policies/evidence/oscal-components";
import { evidencePage } from "../../policies/evidence/page";
import { planDocument } from "../../policies/evidence/plan-document";
import { sarif } from "../../policies/evidence/sarif";
import type { EvidenceRun } from "./evidence-run";
import { RunRecords } from "./run-records";
import type { SigningKey } from "./signing-key";

/** Absolute paths of a set of evidence. */
export type EvidencePaths = Readonly<Record<keyof typeof evidenceFiles | "attestation", string>>;

export const evidencePaths = (folder: string): EvidencePaths => ({
  html: resolve(folder, evidenceFiles.html),
  sarif: resolve(folder, evidenceFiles.sarif),
  oscal: resolve(folder, evidenceFiles.oscal),
  components: resolve(folder, evidenceFiles.components),
  verdicts: resolve(folder, evidenceFiles.verdicts),
  plan: resolve(folder, evidenceFiles.plan),
  attestation: resolve(folder, attestationFile),
});

/** Every document of a run, by its file name. The same run gives the same bytes. */
export function evidenceDocuments({ input, plan }: EvidenceRun, previous?: EvidenceInput["previous"]) {
  const whole: EvidenceInput = { ...input, ...(previous ? { previous } : {}) };
  return new Map<string, string>([
    [evidenceFiles.html, evidencePage(whole)],
    [evidenceFiles.sarif, sarif(whole)],
    [evidenceFiles.oscal, oscal(whole)],
    [evidenceFiles.components, componentDefinition(whole)],
    [evidenceFiles.verdicts, csv(whole)],
    [evidenceFiles.plan, planDocument(input.environment, plan)],
  ]);
}

export interface EvidenceSetArgs {
  /** Where the environment's runs keep their files: what they found is kept below it, to tell later what changed. */
  readonly directory: string;
  /** Folder of the set: it holds the set and nothing else. */
  readonly folder: string;
  readonly run: EvidenceRun;
  readonly key: SigningKey;
}

/** Keeps a run, and writes its evidence: every document, and the signed envelope that names them by their digests. */
export function writeEvidenceSet({ directory, folder, run, key }: EvidenceSetArgs): EvidencePaths {
  const records = new RunRecords(directory);
  records.keep(run);
  return writeLastEvidence(records, folder, key)!;
}

/** Writes the evidence of the last run that was kept. @returns undefined where there was none. */
export function writeLastEvidence(records: RunRecords, folder: string, key: SigningKey): EvidencePaths | undefined {
  const last = records.latest();
  if (last === undefined) return undefined;
  const documents = evidenceDocuments(last.run, last.previous);
  const statement = evidenceStatement(last.run.input, documents, key.origin);
  const envelope = `${JSON.stringify(signStatement(statement, key.privateKey), null, 2)}\n`;
  mkdirSync(folder, { recursive: true });
  // Without an envelope the documents prove nothing: so none is there while they are being written.
  rmSync(join(folder, attestationFile), { force: true });
  for (const [name, content] of documents) writeWhole(join(folder, name), content);
  writeWhole(join(folder, attestationFile), envelope);
  return evidencePaths(folder);
}

function writeWhole(path: string, content: string): void {
  const draft = `${path}.next`;
  if (existsSync(draft)) rmSync(draft);
  writeFileSync(draft, content);
  renameSync(draft, path);
}
