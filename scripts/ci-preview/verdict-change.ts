import { catalogued } from "../../policies/catalogue";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import { mergeVerdicts, summarise, type PolicySummary } from "../../policies/evidence/summary";
import type { State, Verdict } from "../../policies/rule";

/** What the gate says of a change, and what it said before it. */
export interface VerdictChange {
  readonly counts: PolicySummary;
  /** Absent where nobody judged what was there before. */
  readonly before?: PolicySummary;
  /** Failures, the worst first. */
  readonly fails: readonly Verdict[];
  readonly opens: readonly Verdict[];
  readonly waived: readonly Verdict[];
  /** Keys (`rule urn`) of failures that were none before. */
  readonly newFails: ReadonlySet<string>;
  /** Failures that were there before and are gone. */
  readonly mended: readonly Verdict[];
}

const severities = ["critical", "high", "medium", "low"] as const;

export const verdictKey = ({ rule, urn }: Pick<Verdict, "rule" | "urn">): string => `${rule} ${urn}`;

/** Compares two judgements of one environment. A failure is told by rule and resource, not by its words. */
export function verdictChange(
  head: readonly VerdictLedger[],
  base: readonly VerdictLedger[] | undefined,
): VerdictChange {
  const found = mergeVerdicts(head);
  const former = base === undefined ? [] : mergeVerdicts(base);
  const of = (verdicts: readonly Verdict[], state: State) => verdicts.filter((verdict) => verdict.state === state);
  const fails = of(found, "fail").sort(bySeverity);
  const formerFails = of(former, "fail");
  const keys = new Set(fails.map(verdictKey));
  const formerKeys = new Set(formerFails.map(verdictKey));
  return {
    counts: summarise(head),
    ...(base === undefined ? {} : { before: summarise(base) }),
    fails,
    opens: of(found, "open").sort(bySeverity),
    waived: of(found, "waived").sort(bySeverity),
    newFails: new Set(base === undefined ? [] : [...keys].filter((key) => !formerKeys.has(key))),
    mended: formerFails.filter((verdict) => !keys.has(verdictKey(verdict))),
  };
}

function bySeverity(left: Verdict, right: Verdict): number {
  const rank = ({ rule }: Verdict) => severities.indexOf(catalogued(rule).severity);
  return rank(left) - rank(right) || (verdictKey(left) < verdictKey(right) ? -1 : 1);
}
