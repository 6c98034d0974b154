import { catalogue } from "../catalogue";
import { packFile } from "../evidence/attested-names";
import { canonicalJson, sha256 } from "../evidence/canonical";
import type { EvidenceInput } from "../evidence/evidence";
import { mergeVerdicts, stateOfRule } from "../evidence/summary";
import { statementOf, type DigestedName, type Statement } from "./statement";

export const testResultType = "https://in-toto.io/attestation/test-result/v0.1";

/** What in-toto's `test-result` predicate, version 0.1, says of a run. */
export interface TestResult {
  /** `FAILED` where anything failed, waived or not; `WARNED` where something could not be decided. */
  readonly result: "PASSED" | "WARNED" | "FAILED";
  /** What the run was told: the pack, its settings, the waivers, and which environment it was about. */
  readonly configuration: readonly Configuration[];
  /** Rules whose every verdict passed, such as `NET-03`. */
  readonly passedTests: readonly string[];
  /** Rules that could not be decided, as `IMM-02#open`. */
  readonly warnedTests: readonly string[];
  /** Rules that failed, as `SUP-01#fail` or `NET-05#waived:W-7`. */
  readonly failedTests: readonly string[];
}

export interface Configuration extends Partial<DigestedName> {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** By what a statement names the environment it is about. */
export const environmentEntry = "environment";

/**
 * The statement that is signed: what the gate found, about every document that tells it.
 *
 * @param documents contents by their file names; each becomes a subject, by its digest.
 * @param origin whether the run was a rehearsal's, so that nobody takes its evidence for that of something real.
 */
export function evidenceStatement(
  input: EvidenceInput,
  documents: ReadonlyMap<string, string>,
  origin: "environment" | "rehearsal",
): Statement<TestResult> {
  const subject = [...documents].map(([name, content]) => digested(name, sha256(content)));
  return statementOf(subject, testResultType, testResult(input, origin));
}

function testResult(input: EvidenceInput, origin: "environment" | "rehearsal"): TestResult {
  const verdicts = mergeVerdicts(input.ledgers);
  const rulesIn = (state: string) => catalogue.filter(({ id }) => stateOfRule(id, verdicts) === state);
  const waivers = (rule: string) =>
    [...new Set(verdicts.flatMap((one) => (one.rule === rule && one.waiver ? [one.waiver] : [])))].sort().join(",");
  const passedTests = rulesIn("pass").map(({ id }) => id);
  const warnedTests = rulesIn("open").map(({ id }) => `${id}#open`);
  const failedTests = [
    ...rulesIn("fail").map(({ id }) => `${id}#fail`),
    ...rulesIn("waived").map(({ id }) => `${id}#waived:${waivers(id)}`),
  ];
  return {
    result: failedTests.length > 0 ? "FAILED" : warnedTests.length > 0 ? "WARNED" : "PASSED",
    configuration: configuration(input, origin),
    passedTests,
    warnedTests,
    failedTests,
  };
}

function configuration(input: EvidenceInput, origin: "environment" | "rehearsal"): Configuration[] {
  const packs = input.ledgers.map(({ packSha256, packVersion }) => ({
    ...digested(packFile, packSha256),
    annotations: { version: packVersion },
  }));
  // The engine hands them to the pack in an order of its own.
  const settings = input.ledgers.map((ledger) => digested("settings", sha256(canonicalJson(ledger.settings))));
  const waivers = input.ledgers.flatMap(({ settings: { waivers } }) =>
    waivers?.sha256 === undefined ? [] : [digested(waivers.file, waivers.sha256)],
  );
  const { environment, footprint, outcome } = input;
  const annotations = { environment, footprint, outcome, origin };
  return [...unique([...packs, ...settings, ...waivers]), { name: environmentEntry, annotations }];
}

const digested = (name: string, digest: string): DigestedName => ({ name, digest: { sha256: digest } });

const unique = (entries: readonly Configuration[]): Configuration[] => [
  ...new Map(entries.map((entry) => [`${entry.name} ${entry.digest?.sha256 ?? ""}`, entry])).values(),
];
