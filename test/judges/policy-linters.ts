import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { PolicyDocument } from "../../scripts/export/policy-documents";
import { told, type Finding } from "./finding";
import { runJudge } from "./judge-program";

interface Printed {
  readonly check: string;
  readonly file: string;
  readonly detail: string;
}

/** What parliament finds wrong with documents: actions, conditions and patterns that do not do what they seem to. */
export const parliament = (toolbox: Toolbox, documents: readonly PolicyDocument[]): Promise<Finding[]> =>
  lint(toolbox, "parliament", [], documents);

/** What cloudsplaining finds that the documents allow beyond need. */
export const cloudsplaining = (
  toolbox: Toolbox,
  account: string,
  documents: readonly PolicyDocument[],
): Promise<Finding[]> => lint(toolbox, "cloudsplaining", [account], documents);

async function lint(
  toolbox: Toolbox,
  judge: "parliament" | "cloudsplaining",
  args: readonly string[],
  documents: readonly PolicyDocument[],
): Promise<Finding[]> {
  const input = JSON.stringify(documents);
  const output = await runJudge(toolbox, { python: `${judge}-python`, program: `${judge}_judge.py`, args, input });
  const findings = (JSON.parse(output) as Printed[]).map(({ check, file, detail }): Finding => ({
    judge,
    check,
    resource: file.replace(/\.json$/, ""),
    detail,
  }));
  // Of a wildcard the same is said once for each action that it covers.
  return [...new Map(findings.map((finding) => [told(finding), finding])).values()];
}
