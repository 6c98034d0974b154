import { catalogue } from "../catalogue";
import { frameworks } from "../frameworks";
import { waiversOf } from "../waivers/judge-waivers";
import { packFile } from "./attested-names";
import type { EvidenceInput } from "./evidence";
import { invocations } from "./sarif-invocations";
import { result } from "./sarif-result";
import { descriptor, supportedTaxonomies, taxonomies } from "./sarif-rules";
import { mergeVerdicts } from "./summary";

export interface SarifOptions {
  /**
   * Leave out what needs nobody: passes, waived failures, and rules that met nothing. For scanners that take every result for
   * an alert, whatever its kind and suppressions say, as GitHub's code scanning does. Default: everything is told.
   */
  readonly alertsOnly?: boolean;
}

/**
 * The verdicts as a SARIF 2.1.0 log, for code scanners. `results` is always there, if empty; frameworks are taxonomies, and
 * their controls what the rules relate to.
 */
export function sarif(input: EvidenceInput, options: SarifOptions = {}): string {
  const all = mergeVerdicts(input.ledgers);
  const verdicts = options.alertsOnly === true ? all.filter(({ state }) => state === "fail" || state === "open") : all;
  const index = new Map(catalogue.map((entry, position) => [entry.id, position]));
  const waivers = new Map((input.waivers ?? waiversOf(input.ledgers)).map(({ waiver }) => [waiver.id, waiver]));
  const population = input.ledgers.map((ledger) => ledger.population);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: packFile,
            ...(input.ledgers[0] ? { semanticVersion: input.ledgers[0].packVersion } : {}),
            rules: catalogue.map(descriptor),
            supportedTaxonomies: supportedTaxonomies(),
          },
        },
        taxonomies: taxonomies(),
        // Scanners keep one set of findings for each id: that of the environment's last run, however it ended.
        automationDetails: {
          id: `cloister/${input.environment}/`,
          description: { text: `${input.environment}, ${input.outcome}` },
        },
        invocations: invocations(input),
        columnKind: "utf16CodeUnits",
        properties: {
          environment: input.environment,
          footprint: input.footprint,
          outcome: input.outcome,
          frameworks: input.frameworks ?? frameworks.map(({ key }) => key),
          ...(input.plan ? { planSha256: input.plan.sha256 } : {}),
          resources: population.reduce((sum, one) => sum + one.resources, 0),
          evaluated: population.reduce((sum, one) => sum + one.evaluated, 0),
          opaque: population.reduce((sum, one) => sum + one.opaque.length, 0),
        },
        results: verdicts.map((verdict) =>
          result(verdict, {
            environment: input.environment,
            ruleIndex: index.get(verdict.rule) ?? -1,
            waiver: verdict.waiver === undefined ? undefined : waivers.get(verdict.waiver),
          }),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
