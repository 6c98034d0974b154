import Table from "cli-table3";
import pc from "picocolors";
import { scoreOf, type MutantGroup } from "./mutation-score";

export interface MutationReport {
  /** Share of mutants, copies counted once, that stop the deployment; 0 to 1. */
  readonly score: number;
  /** The same with those that a rule only advises against. */
  readonly scoreWithAdvice: number;
  readonly goal: number;
  /** Mutants, copies counted once, and each copy by itself. */
  readonly mutants: number;
  readonly copies: number;
  readonly areas: readonly AreaScore[];
  readonly survivors: readonly MutantGroup[];
  readonly leftOut: readonly { readonly reason: string; readonly fields: number }[];
  /** Entries of the list of what is left out that no plan needed. */
  readonly unused: readonly string[];
}

export interface AreaScore {
  readonly area: string;
  readonly stopped: number;
  readonly advised: number;
  readonly survived: number;
}

/** `aws:s3`, `kubernetes:apps`, `cloister`: what a resource is of. */
function areaOf(type: string): string {
  const [provider = "", module = ""] = type.split(":");
  return provider === "cloister" ? provider : `${provider}:${module.split("/")[0] ?? ""}`;
}

export function reportOf(
  groups: readonly MutantGroup[],
  leftOut: MutationReport["leftOut"],
  unused: readonly string[],
  goal: number,
): MutationReport {
  const areas = new Map<string, MutantGroup[]>();
  for (const group of groups) areas.set(areaOf(group.type), [...(areas.get(areaOf(group.type)) ?? []), group]);
  const count = (of: readonly MutantGroup[], fate: MutantGroup["fate"]) => of.filter((one) => one.fate === fate).length;
  return {
    score: scoreOf(groups),
    scoreWithAdvice: scoreOf(groups, ["stopping rule", "advising rule"]),
    goal,
    mutants: groups.length,
    copies: groups.reduce((sum, { copies }) => sum + copies, 0),
    areas: [...areas]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([area, of]) => ({
        area,
        stopped: count(of, "stopping rule"),
        advised: count(of, "advising rule"),
        survived: count(of, "nobody"),
      })),
    survivors: groups.filter(({ fate }) => fate !== "stopping rule"),
    leftOut,
    unused,
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The report as a person reads it: survivors first, the score last. */
export function reportText(report: MutationReport): string {
  const table = new Table({ head: ["area", "stopped", "advised", "survived"], style: { head: [], border: [] } });
  for (const { area, stopped, advised, survived } of report.areas) table.push([area, stopped, advised, survived]);
  const reached = report.score >= report.goal && report.unused.length === 0;
  return [
    ...report.survivors.map(survivorLine),
    "",
    table.toString(),
    "",
    "Left out, by the reviewed list:",
    ...report.leftOut.map(({ reason, fields }) => `  ${String(fields).padStart(5)}  ${reason}`),
    ...report.unused.map((field) => pc.red(`  ✖ left out, but in no plan: ${field}`)),
    "",
    `${report.mutants} mutants (${report.copies} with copies)`,
    `${percent(report.score)} stop the deployment; with advice ${percent(report.scoreWithAdvice)}. Goal ${percent(report.goal)}.`,
    reached ? pc.green("reached") : pc.red("not reached"),
    "",
  ].join("\n");
}

function survivorLine({ fate, type, pattern, told, copies, survivors, example, rules }: MutantGroup): string {
  const who = fate === "nobody" ? pc.red("survived") : pc.yellow(`advised by ${rules.join(", ")}`);
  const where = `${example.environment}: ${example.name} ${example.path}`.trim();
  return `${who}  ${type} ${pattern}: ${told} (${survivors} of ${copies} unnoticed; ${where})`;
}
