import { attestationFile, evidenceFiles } from "./attested-names";
import type { EvidenceInput } from "./evidence";

/**
 * Two runs over the same plan by the same pack give the same documents, byte by byte, but for the times at which they ran.
 * These are all the places where a time of the run stands; the days that a waiver has left follow from one.
 */
export const timeFields = {
  [evidenceFiles.oscal]: ["last-modified", "start", "end", "collected"],
  [evidenceFiles.components]: ["last-modified"],
  [evidenceFiles.sarif]: ["startTimeUtc", "endTimeUtc"],
  /** On the page: every time of day, and the days that waivers have left. */
  [evidenceFiles.html]: ["time of day, such as 2026-12-31 23:59:59 UTC", "days left of a waiver"],
  [evidenceFiles.verdicts]: [],
  [evidenceFiles.plan]: [],
  /** What follows from the bytes of the others. */
  [attestationFile]: ["subject[].digest of documents with times", "signatures[].sig"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A document with its declared time fields blanked: what is left of two runs over the same plan is equal. */
export function withoutTimes(file: string, content: string): string {
  if (file === evidenceFiles.html) {
    return content
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)/g, "")
      .replaceAll(/\b(\d+ days? left|over for \d+ days?|its last day|ends today)\b/g, "");
  }
  const fields: readonly string[] = (timeFields as Readonly<Record<string, readonly string[]>>)[file] ?? [];
  if (fields.length === 0) return content;
  return content.replaceAll(new RegExp(`("(?:${fields.join("|")})": ")[^"]*"`, "g"), '$1"');
}

/** What a run found, without when: nothing of it differs in a second run over the same plan. */
export function timeless(input: EvidenceInput): object {
  const { generatedAt: _, previous: __, waivers, ledgers, ...rest } = input;
  return {
    ...rest,
    waivers: waivers?.map(({ waiver, state }) => ({ waiver, state })),
    ledgers: ledgers.map(({ startedAt: _begun, finishedAt: _ended, waivers: judged, ...ledger }) => ({
      ...ledger,
      waivers: judged.map(({ waiver, state }) => ({ waiver, state })),
    })),
  };
}
