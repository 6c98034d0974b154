import type { CapturedPlan } from "../../policies/plan-capture";
import type { Rule } from "../../policies/rule";
import type { Settings } from "../../policies/settings";
import type { LeftOutFields } from "./left-out";
import { makeMutants } from "./make-mutants";
import { groupKey, type Mutant } from "./mutant";
import { PlanJudge, type Fate } from "./plan-judge";

/** A plan with what its environment told the gate. */
export interface JudgedPlan {
  readonly environment: string;
  readonly plan: CapturedPlan;
  readonly settings: Settings;
}

/** Copies of one mutant, in whatever environment. */
export interface MutantGroup {
  readonly type: string;
  readonly kind: Mutant["kind"];
  readonly pattern: string;
  readonly told: string;
  readonly copies: number;
  /** The worst of its copies: one that nobody noticed makes the group a survivor. */
  readonly fate: Fate["by"];
  /** Rules that noticed copies of it first. */
  readonly rules: readonly string[];
  /** A copy that fared worst: environment, resource and place. */
  readonly example: { readonly environment: string; readonly name: string; readonly path: string };
  readonly survivors: number;
}

const worse: readonly Fate["by"][] = ["stopping rule", "advising rule", "nobody"];

/**
 * Breaks each plan in every way that is not left out, one at a time, and tells which the rules noticed.
 *
 * @param rules those that judge. Default: all.
 */
export function scoreMutants(
  plans: readonly JudgedPlan[],
  leftOut: LeftOutFields,
  rules?: readonly Rule[],
): MutantGroup[] {
  const groups = new Map<string, MutantGroup>();
  for (const { environment, plan, settings } of plans) {
    const judge = new PlanJudge(plan, settings, rules);
    for (const mutant of makeMutants(plan, leftOut)) {
      const fate = judge.fate(mutant);
      const key = groupKey(mutant);
      groups.set(key, joined(groups.get(key), mutant, fate, environment));
    }
  }
  return [...groups.values()];
}

function joined(group: MutantGroup | undefined, mutant: Mutant, fate: Fate, environment: string): MutantGroup {
  const { type, kind, pattern, told, name, path } = mutant;
  const example = { environment, name, path };
  const before = group ?? { type, kind, pattern, told, copies: 0, fate: fate.by, rules: [], example, survivors: 0 };
  const worst = worse.indexOf(fate.by) > worse.indexOf(before.fate);
  return {
    ...before,
    copies: before.copies + 1,
    survivors: before.survivors + (fate.by === "nobody" ? 1 : 0),
    rules: fate.rule === undefined ? before.rules : [...new Set([...before.rules, fate.rule])],
    ...(worst ? { fate: fate.by, example } : {}),
  };
}

/** Share of mutants, copies counted once, that a rule noticed which stops the deployment; 0 to 1. */
export const scoreOf = (groups: readonly MutantGroup[], counted: readonly Fate["by"][] = ["stopping rule"]): number =>
  groups.length === 0 ? 0 : groups.filter(({ fate }) => counted.includes(fate)).length / groups.length;
