import type { Verdict } from "../rule";
import type { EvidenceInput } from "./evidence";
import type { VerdictLedger } from "./ledger";
import { mergeVerdicts, stateOfRule } from "./summary";

/** One check that ended otherwise than in the run before. `before` is absent where the check is new. */
export interface ChangedVerdict {
  readonly before?: Verdict;
  readonly now: Verdict;
}

/** What changed between two runs, over the stacks that both of them judged. */
export interface Changes {
  readonly since: string;
  readonly newFails: readonly ChangedVerdict[];
  readonly newOpens: readonly ChangedVerdict[];
  readonly newWaived: readonly ChangedVerdict[];
  /** Failed, or was undecided or waived, and passes or does not apply now. */
  readonly mended: readonly ChangedVerdict[];
  /** Passed before, and does not apply any more, or the other way round. */
  readonly others: readonly ChangedVerdict[];
  /** The same verdict over other values. */
  readonly otherInputs: readonly ChangedVerdict[];
  /** URNs that some rule judged in one of the runs only. */
  readonly newResources: readonly string[];
  readonly removedResources: readonly string[];
  /** Rules that did not run before, or do not run any more. */
  readonly newRules: readonly string[];
  readonly silencedRules: readonly string[];
  /** Whether another pack judged than the last time. */
  readonly otherPack: boolean;
  /** Stacks that only one of the runs judged: nothing is said about them. */
  readonly notCompared: readonly string[];
}

/** Undefined where there is no run before this one. */
export function changesSince({ ledgers, previous }: Pick<EvidenceInput, "ledgers" | "previous">): Changes | undefined {
  if (!previous) return undefined;
  const stacks = (run: readonly VerdictLedger[]) => new Set(run.map(({ stack }) => stack));
  const [nowStacks, beforeStacks] = [stacks(ledgers), stacks(previous.ledgers)];
  const both = (run: readonly VerdictLedger[]) =>
    run.filter(({ stack }) => nowStacks.has(stack) && beforeStacks.has(stack));
  const [nowRun, beforeRun] = [both(ledgers), both(previous.ledgers)];
  const [now, before] = [mergeVerdicts(nowRun), mergeVerdicts(beforeRun)];
  const earlier = new Map(before.map((verdict) => [keyOf(verdict), verdict]));
  const pairs = now
    .filter(({ urn }) => urn !== "")
    .map((verdict): ChangedVerdict => ({ before: earlier.get(keyOf(verdict)), now: verdict }));
  const turned = pairs.filter((pair) => pair.before?.state !== pair.now.state);
  const into = (state: Verdict["state"]) => turned.filter((pair) => pair.now.state === state);
  const mended = turned.filter(
    (pair) =>
      pair.before !== undefined &&
      ["fail", "open", "waived"].includes(pair.before.state) &&
      ["pass", "notApplicable"].includes(pair.now.state),
  );
  const urns = (verdicts: readonly Verdict[]) => new Set(verdicts.map(({ urn }) => urn).filter((urn) => urn !== ""));
  const rulesThatRan = (verdicts: readonly Verdict[]) => {
    const rules = new Set(verdicts.map(({ rule }) => rule));
    return new Set([...rules].filter((rule) => stateOfRule(rule, verdicts) !== "notEvaluated"));
  };
  return {
    since: previous.generatedAt,
    newFails: into("fail"),
    newOpens: into("open"),
    newWaived: into("waived"),
    mended,
    others: turned.filter(
      (pair) =>
        pair.before !== undefined && ["pass", "notApplicable"].includes(pair.now.state) && !mended.includes(pair),
    ),
    otherInputs: pairs.filter(
      (pair) => pair.before?.state === pair.now.state && pair.before.inputsSha256 !== pair.now.inputsSha256,
    ),
    newResources: onlyIn(urns(now), urns(before)),
    removedResources: onlyIn(urns(before), urns(now)),
    newRules: onlyIn(rulesThatRan(now), rulesThatRan(before)),
    silencedRules: onlyIn(rulesThatRan(before), rulesThatRan(now)),
    otherPack: packs(nowRun) !== packs(beforeRun),
    notCompared: [...onlyIn(nowStacks, beforeStacks), ...onlyIn(beforeStacks, nowStacks)].sort(),
  };
}

function keyOf({ rule, urn }: Verdict): string {
  return `${rule} ${urn}`;
}

function onlyIn(these: ReadonlySet<string>, those: ReadonlySet<string>): string[] {
  return [...these].filter((item) => !those.has(item)).sort();
}

function packs(run: readonly VerdictLedger[]): string {
  return [...new Set(run.map(({ packSha256 }) => packSha256))].sort().join(" ");
}
