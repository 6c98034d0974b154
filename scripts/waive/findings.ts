import { catalogue, type Severity } from "../../policies/catalogue";
import { latestLedgers, readLedgers, type VerdictLedger } from "../../policies/evidence/ledger";
import { mergeVerdicts } from "../../policies/evidence/summary";
import type { Verdict } from "../../policies/rule";
import { whyUnwaivable } from "../../policies/waivers/unwaivable";

/** A failure of the last run, with whether it may be waived. */
export interface Finding {
  readonly policy: string;
  readonly severity: Severity;
  readonly urn: string;
  readonly message: string;
  readonly inputsSha256?: string;
  readonly waivable: boolean;
  /** Why it may not be waived. */
  readonly why?: string;
  /** Id of the waiver that accepts it already. */
  readonly waiver?: string;
}

/** The last ledgers of an environment, one for each stack that was judged. */
export const lastLedgers = (directory: string): VerdictLedger[] => latestLedgers(readLedgers(directory));

/** Every failure of some ledgers, also those that are waived already, the gravest rules first. */
export function findingsOf(ledgers: readonly VerdictLedger[]): Finding[] {
  const order: readonly Severity[] = ["critical", "high", "medium", "low"];
  return mergeVerdicts(ledgers)
    .filter(({ state }) => state === "fail" || state === "waived")
    .map(finding)
    .sort((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity) || compare(left, right));
}

function finding({ rule, urn, message, inputsSha256, waiver }: Verdict): Finding {
  const severity = catalogue.find(({ id }) => id === rule)?.severity ?? "high";
  const why = whyUnwaivable(rule) ?? whatLacks(inputsSha256);
  return {
    policy: rule,
    severity,
    urn,
    message,
    ...(inputsSha256 === undefined ? {} : { inputsSha256 }),
    waivable: why === undefined,
    ...(why === undefined ? {} : { why }),
    ...(waiver === undefined ? {} : { waiver }),
  };
}

/** What is missing altogether was read nowhere: there is nothing that a waiver could be bound to. */
const whatLacks = (inputsSha256: string | undefined): string | undefined =>
  inputsSha256 === undefined
    ? "what is absent as a whole cannot be waived: there is nothing to bind a waiver to"
    : undefined;

const compare = (left: Finding, right: Finding): number =>
  left.policy === right.policy ? (left.urn < right.urn ? -1 : 1) : left.policy < right.policy ? -1 : 1;
