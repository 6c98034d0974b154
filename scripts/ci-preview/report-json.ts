import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../components/kit-error";
import type { EnvironmentReport, PreviewReport } from "./report";

/** A report as `summary.json` holds it. Sets become lists, for JSON knows none; SARIF has a file of its own. */
export function reportJson(report: PreviewReport): string {
  const plain = (key: string, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : key === "sarif" ? undefined : value;
  return `${JSON.stringify(report, plain, 2)}\n`;
}

/**
 * One report of several, in the order of the folders.
 *
 * @throws KitError for every folder without a report, and where some are of drift and some of a change.
 */
export function joinReports(folders: readonly string[]): PreviewReport {
  const missing = folders.filter((folder) => !existsSync(join(folder, "summary.json")));
  const reports = folders.filter((folder) => !missing.includes(folder)).map(read);
  const mixed = new Set(reports.map(({ drift }) => drift)).size > 1;
  if (missing.length > 0 || mixed) {
    throw new KitError("The reports cannot be joined", [
      ...missing.map((folder) => ({
        path: folder,
        found: "no summary.json",
        allowed: "a folder that ci-preview wrote with --out",
        mend: "look at the run that should have written it: it ended before it had a report",
      })),
      ...(mixed
        ? [{ path: "--join", found: "drift and changes", allowed: "one of them", mend: "join each by itself" }]
        : []),
    ]);
  }
  const base = reports.find((report) => report.base !== undefined)?.base;
  return {
    ...(base === undefined ? {} : { base }),
    drift: reports.some(({ drift }) => drift),
    environments: reports.flatMap(({ environments }) => environments),
  };
}

function read(folder: string): PreviewReport {
  const report = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as PreviewReport;
  return { ...report, environments: report.environments.map(revived) };
}

function revived(one: EnvironmentReport): EnvironmentReport {
  if (one.verdicts === undefined) return one;
  return { ...one, verdicts: { ...one.verdicts, newFails: new Set(one.verdicts.newFails) } };
}
