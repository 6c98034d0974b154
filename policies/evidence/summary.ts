import { catalogue, type Severity } from "../catalogue";
import type { State, Verdict } from "../rule";
import type { VerdictLedger } from "./ledger";

/**
 * Counts by state. `pass`, `fail`, `waived` and `open` count verdicts (rule × resource); `notApplicable` and
 * `notEvaluated` count rules, because those states are about a rule that judged nothing. A rule is counted there only
 * when it judged no resource of any stack: `notApplicable` where it ran and met nothing, `notEvaluated` where it did
 * not run in at least one stack. Rules that judged something plus these two make up the whole catalogue.
 */
export interface PolicySummary {
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly open: number;
  readonly notApplicable: number;
  readonly notEvaluated: number;
}

const judgements: readonly State[] = ["pass", "fail", "waived", "open"];

/** Every verdict of several ledgers, one per rule and resource. Rule-wide verdicts are kept only for rules that judged nothing. */
export function mergeVerdicts(ledgers: readonly VerdictLedger[]): Verdict[] {
  const all = ledgers.flatMap((ledger) => ledger.verdicts);
  const known = new Map<string, Verdict>();
  const judging = new Set(all.filter((verdict) => judgements.includes(verdict.state)).map((verdict) => verdict.rule));
  for (const verdict of all) {
    if (verdict.urn === "" && judging.has(verdict.rule)) continue;
    const key = `${verdict.rule} ${verdict.urn}`;
    // A rule that did not run in one stack is not evaluated, whatever it did not meet in another.
    if (known.get(key)?.state === "notEvaluated") continue;
    known.set(key, verdict);
  }
  return [...known.values()];
}

/** The state of each rule of the catalogue as a whole: the worst of its verdicts. */
export function stateOfRule(rule: string, verdicts: readonly Verdict[]): State {
  const mine = new Set(verdicts.filter((verdict) => verdict.rule === rule).map((verdict) => verdict.state));
  const order: readonly State[] = ["fail", "open", "waived", "pass", "notEvaluated", "notApplicable"];
  return order.find((state) => mine.has(state)) ?? "notEvaluated";
}

export function summarise(ledgers: readonly VerdictLedger[]): PolicySummary {
  const verdicts = mergeVerdicts(ledgers);
  const count = (state: State) => verdicts.filter((verdict) => verdict.state === state).length;
  const rules = (state: State) => catalogue.filter((entry) => stateOfRule(entry.id, verdicts) === state).length;
  return {
    pass: count("pass"),
    fail: count("fail"),
    waived: count("waived"),
    open: count("open"),
    notApplicable: rules("notApplicable"),
    notEvaluated: rules("notEvaluated"),
  };
}

/** Verdicts of a state by rules of a severity: `critical` and `fail` are what keeps a stack from being released. */
export function verdictsOf(ledgers: readonly VerdictLedger[], severity: Severity, state: State): Verdict[] {
  const ids = new Set(catalogue.filter((entry) => entry.severity === severity).map((entry) => entry.id));
  return mergeVerdicts(ledgers).filter((verdict) => verdict.state === state && ids.has(verdict.rule));
}
