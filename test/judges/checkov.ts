import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Finding } from "./finding";
import { runJudge } from "./judge-program";

export interface CheckovReport {
  /** Checks that passed, counted for each object. */
  readonly passed: number;
  /** Distinct checks that applied to anything. */
  readonly checks: number;
  readonly findings: readonly Finding[];
}

interface Printed {
  readonly passed: number;
  readonly checks: number;
  readonly failed: readonly { readonly check: string; readonly name: string; readonly resource: string }[];
  /** What it could not read, or was told not to judge. */
  readonly unread: readonly string[];
}

/** Checkov's word on each YAML file, all in one process: it takes seconds to start. */
export async function checkov(toolbox: Toolbox, files: readonly string[]): Promise<CheckovReport[]> {
  const printed = JSON.parse(
    await runJudge(toolbox, { python: "checkov-python", program: "checkov_judge.py", args: files }),
  ) as Record<string, Printed>;
  return files.map((file) => {
    const { passed, checks, failed, unread } = printed[file]!;
    if (unread.length > 0) throw new Error(`Checkov did not judge all of ${file}: ${unread.join(", ")}`);
    const findings = failed.map(({ check, name, resource }): Finding => ({
      judge: "checkov",
      check,
      resource,
      detail: name,
    }));
    return { passed, checks, findings };
  });
}
