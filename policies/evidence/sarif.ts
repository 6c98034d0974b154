import { catalogue, type CatalogueEntry, type Severity } from "../catalogue";
import { frameworks } from "../frameworks";
import type { State, Verdict } from "../rule";
import { rules } from "../rules";
import type { EvidenceInput } from "./evidence";
import { identifier } from "./identifier";
import { mergeVerdicts } from "./summary";

/** The kinds of SARIF 2.1.0; a waived verdict is a failure with an accepted suppression. */
const kinds: Record<State, string> = {
  pass: "pass",
  fail: "fail",
  waived: "fail",
  open: "open",
  notApplicable: "notApplicable",
  // SARIF has no word for it: the rule was to be looked at, and nobody did.
  notEvaluated: "review",
};

const levels: Record<Severity, string> = { critical: "error", high: "error", medium: "warning", low: "note" };
/** What code scanners sort by, on the scale of CVSS. */
const scores: Record<Severity, string> = { critical: "9.0", high: "7.0", medium: "5.0", low: "3.0" };

/** The verdicts as a SARIF 2.1.0 log, for code scanners. `results` is always there, if empty. */
export function sarif(input: EvidenceInput): string {
  const verdicts = mergeVerdicts(input.ledgers);
  const index = new Map(catalogue.map((entry, position) => [entry.id, position]));
  const population = input.ledgers.map((ledger) => ledger.population);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "cloister-policies",
            ...(input.ledgers[0] ? { semanticVersion: input.ledgers[0].packVersion } : {}),
            rules: catalogue.map(descriptor),
            supportedTaxonomies: frameworks.map(({ key }) => ({ name: key })),
          },
        },
        taxonomies: frameworks.map(({ key, name, version }) => ({
          name: key,
          ...(version ? { version } : {}),
          shortDescription: { text: name },
          taxa: [...new Set(catalogue.flatMap((entry) => entry.supports[key] ?? []))].sort().map((id) => ({ id })),
        })),
        automationDetails: { id: `cloister/${input.environment}/${input.outcome}/` },
        invocations: input.ledgers.map((ledger) => ({
          executionSuccessful: ledger.complete,
          startTimeUtc: ledger.startedAt,
          endTimeUtc: ledger.finishedAt,
          properties: { stack: ledger.stack, phase: ledger.phase, packSha256: ledger.packSha256 },
        })),
        properties: {
          resources: population.reduce((sum, one) => sum + one.resources, 0),
          evaluated: population.reduce((sum, one) => sum + one.evaluated, 0),
          opaque: population.reduce((sum, one) => sum + one.opaque.length, 0),
        },
        results: verdicts.map((verdict) => result(verdict, index.get(verdict.rule) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(entry: CatalogueEntry): object {
  const remediation = rules.find(({ id }) => id === entry.id)?.remediation;
  return {
    id: entry.id,
    shortDescription: { text: entry.title },
    ...(remediation ? { help: { text: remediation } } : {}),
    defaultConfiguration: { level: levels[entry.severity] },
    properties: { "security-severity": scores[entry.severity], tags: [entry.group, entry.scope] },
    relationships: Object.entries(entry.supports).flatMap(([name, controls]) =>
      controls.map((id) => ({ target: { id, toolComponent: { name } }, kinds: ["relevant"] })),
    ),
  };
}

function result(verdict: Verdict, ruleIndex: number): object {
  const entry = catalogue[ruleIndex];
  const failing = verdict.state === "fail" || verdict.state === "waived";
  return {
    ruleId: verdict.rule,
    ruleIndex,
    kind: kinds[verdict.state],
    level: failing && entry ? levels[entry.severity] : "none",
    message: { text: verdict.message },
    ...(verdict.urn
      ? {
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" } },
              logicalLocations: [
                { kind: "resource", name: verdict.urn.split("::").at(-1), fullyQualifiedName: verdict.urn },
              ],
            },
          ],
        }
      : {}),
    partialFingerprints: { "ruleAndResource/v1": identifier(verdict.rule, verdict.urn) },
    ...(verdict.state === "waived" ? { suppressions: [{ kind: "external", status: "accepted" }] } : {}),
  };
}
