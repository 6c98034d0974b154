import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { environmentNames } from "../../stacks/environment";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { requireWritableFolder } from "../writable-folder";
import { BaseTree } from "./base-tree";
import { comment } from "./comment";
import { previewEnvironment } from "./preview-environment";
import { baseReference } from "./reference";
import { joinReports, reportJson } from "./report-json";
import { exitCodeOf, type EnvironmentReport, type PreviewReport } from "./report";

export interface CiPreviewOptions {
  /** What to compare with. Default: what the runner says of the pull request. */
  readonly base?: string;
  /** At stand-ins on this machine, without any credential. Default: against what is deployed. */
  readonly rehearsed?: boolean;
  /** Reads what is really there, and says where it is not what the code says. */
  readonly drift?: boolean;
  /** Only names the environments. */
  readonly list?: boolean;
  /** Folders of reports, of which one is made: each environment may be previewed where it can be reached. */
  readonly join?: readonly string[];
  /** Folder of the report. Default: `.cloister/ci-preview`. */
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `ci-preview [environments]`: what a change does to each environment, as a comment for people and files for machines.
 *
 * @returns the exit code: 0 all is well, 1 something is stopped, 3 something drifted.
 * @throws KitError for an environment that is not there, and for a base that cannot be found.
 */
export async function ciPreview(names: readonly string[], options: CiPreviewOptions): Promise<number> {
  const known = environmentNames();
  if (options.list === true) {
    process.stdout.write(options.json === true ? `${JSON.stringify(known)}\n` : `${known.join("\n")}\n`);
    return 0;
  }
  if (options.join !== undefined && names.length > 0) throw joinsAll(names);
  const out = resolve(options.out ?? join(projectDirectory, ".cloister/ci-preview"));
  requireWritableFolder({ path: out, option: "--out" });
  if (options.join !== undefined) return conclude(joinReports(options.join), out, options);
  const base = options.drift === true ? undefined : BaseTree.find(baseReference(options.base, process.env));
  const removed = base === undefined ? [] : base.environments().filter((name) => !known.includes(name));
  requireKnown(names, [...known, ...removed]);
  const wanted = names.length > 0 ? names : [...known, ...removed];
  const environments: EnvironmentReport[] = [];
  try {
    for (const name of wanted) {
      environments.push(
        removed.includes(name)
          ? removal(name, options.rehearsed === true)
          : await previewEnvironment({
              ...{ name, base, rehearsed: options.rehearsed === true, drift: options.drift === true },
              state: join(out, "previews"),
            }),
      );
    }
  } finally {
    base?.close();
  }
  return conclude({ base: base?.commit, drift: options.drift === true, environments }, out, options);
}

function conclude(report: PreviewReport, out: string, { json }: CiPreviewOptions): number {
  write(out, report);
  process.stdout.write(json === true ? reportJson(report) : comment(report));
  process.stderr.write(`The comment is ${join(out, "comment.md")}, for machines ${join(out, "summary.json")}.\n`);
  return exitCodeOf(report);
}

const joinsAll = (names: readonly string[]): KitError =>
  new KitError("Reports are joined whole", [
    { path: "environments", found: names.join(", "), allowed: "none with --join", mend: "leave the names out" },
  ]);

const removal = (environment: string, rehearsed: boolean): EnvironmentReport => ({
  ...{ environment, verdict: "removed", messages: [], changes: [], standIns: [], seconds: 0 },
  against: rehearsed ? "rehearsed" : "deployed",
});

function requireKnown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new KitError(
    "There is no such environment",
    unknown.map((name) => ({
      path: name,
      found: "no file of that name in stacks/, now or before the change",
      allowed: known.join(", "),
      mend: "write one of these, or none at all for every environment",
    })),
  );
}

function write(out: string, report: PreviewReport): void {
  mkdirSync(out, { recursive: true });
  // A report of an earlier run is not one of this: whoever uploads the folder uploads what is in it.
  for (const file of readdirSync(out)) {
    if (/\.(md|json|sarif)$/.test(file)) rmSync(join(out, file));
  }
  writeFileSync(join(out, "comment.md"), comment(report));
  writeFileSync(join(out, "summary.json"), reportJson(report));
  for (const { environment, sarif } of report.environments) {
    if (sarif !== undefined) writeFileSync(join(out, `${environment}.sarif`), sarif);
  }
}
