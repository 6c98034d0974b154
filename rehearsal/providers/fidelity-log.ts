import { appendFileSync } from "node:fs";
import type { Fidelity } from "./provider";

/** One line of the file named by `CLOISTER_FIDELITY_LOG`. */
export interface FidelityEntry {
  readonly provider: string;
  readonly token: string;
  readonly urn: string;
  readonly fidelity: Fidelity;
  readonly operation: "create" | "read" | "update" | "delete" | "preview";
}

/** Notes what was used and how real it was, so that a rehearsal's summary can say so. Does nothing without the variable. */
export function recordFidelity(entry: FidelityEntry): void {
  const path = process.env.CLOISTER_FIDELITY_LOG;
  // One short append is one write: several providers may share the file.
  if (path) appendFileSync(path, `${JSON.stringify(entry)}\n`);
}
