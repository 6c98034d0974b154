import { catalogue } from "../catalogue";
import type { State } from "../rule";
import { packFile } from "./attested-names";
import type { EvidenceInput } from "./evidence";
import { identifier } from "./identifier";
import { contentSha256, nistControls, oscalVersion, property, propertyIf, some } from "./oscal-parts";
import { findings, observations, risks, validationComponent, type Judged } from "./oscal-result";
import { mergeVerdicts } from "./summary";
import type { VerdictLedger } from "./ledger";

export { nistControlId } from "./oscal-parts";

/**
 * The verdicts as OSCAL 1.2.1 assessment results, one result per stack. Controls are those of NIST SP 800-53 r5 alone:
 * OSCAL has a catalogue for no other framework the rules name. Verdicts about a rule as a whole are not observations of
 * anything, so they are counted in the result's remarks. Every identifier follows from what it names: a second run over the
 * same plan has the same ones.
 */
export function oscal(input: EvidenceInput): string {
  const [first] = input.ledgers;
  const pack = identifier("policy-pack", first?.packSha256 ?? "");
  const document = {
    "assessment-results": {
      uuid: identifier("assessment-results", contentSha256(input)),
      metadata: {
        title: `Policy evidence: ${input.environment}, ${input.outcome}`,
        "last-modified": input.generatedAt,
        version: first?.packVersion ?? "0",
        "oscal-version": oscalVersion,
        props: [
          property("environment", input.environment),
          property("footprint", input.footprint),
          property("outcome", input.outcome),
          property("pulumi-version", input.engine.version),
          ...propertyIf("plan-sha256", input.plan?.sha256),
          ...propertyIf("policy-pack-sha256", first?.packSha256),
          ...propertyIf("waivers-sha256", first?.settings.waivers?.sha256),
        ],
      },
      // The plan of the assessment is the pack itself: what it asks is all that is asked.
      "import-ap": { href: `#${pack}` },
      results: input.ledgers.length > 0 ? input.ledgers.map((ledger) => result(ledger, input)) : [nothingJudged(input)],
      "back-matter": {
        resources: [
          {
            uuid: pack,
            title: packFile,
            description:
              "The CrossGuard policy pack, which is the plan of the assessment: its rules are what was asked",
            ...some("props", propertyIf("sha256", first?.packSha256)),
          },
        ],
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function result(ledger: VerdictLedger, input: EvidenceInput): object {
  const verdicts = mergeVerdicts([ledger]);
  const observed = verdicts.filter((verdict) => verdict.urn !== "");
  const whole = verdicts.filter((verdict) => verdict.urn === "");
  const count = (state: State) => whole.filter((verdict) => verdict.state === state).length;
  const judgedOnes = observed.filter((verdict) => verdict.state !== "notApplicable");
  const controls = [...new Set(judgedOnes.flatMap((verdict) => nistControls(verdict.rule)))].sort();
  const resources = new Map(observed.map((verdict) => [verdict.urn, verdict.type]));
  const judged: Judged = { ledger, input, observed, controls };
  return {
    uuid: identifier("result", contentSha256({ ...input, ledgers: [ledger] })),
    title: `${ledger.stack}, ${ledger.phase}`,
    description: `${ledger.population.evaluated} of ${ledger.population.resources} resources judged`,
    start: ledger.startedAt,
    end: ledger.finishedAt,
    props: [
      property("stack", ledger.stack),
      property("phase", ledger.phase),
      property("complete", String(ledger.complete)),
      property("resources", String(ledger.population.resources)),
      property("resources-evaluated", String(ledger.population.evaluated)),
      property("resources-opaque", String(ledger.population.opaque.length)),
    ],
    "local-definitions": {
      components: [validationComponent(ledger)],
      ...some(
        "inventory-items",
        [...resources].map(([urn, type]) => ({
          uuid: identifier("resource", urn),
          description: urn.split("::").at(-1) ?? urn,
          props: [property("pulumi-urn", urn), property("pulumi-type", type)],
        })),
      ),
    },
    "reviewed-controls": {
      "control-selections": [
        controls.length > 0 ? included(controls) : noneReviewed("No rule that judged supports a control"),
      ],
    },
    ...some("observations", observations(judged)),
    ...some("risks", risks(judged)),
    ...some("findings", findings(judged)),
    remarks: `${count("notApplicable")} rules met nothing of their kind; ${count("notEvaluated")} rules of the catalogue were not evaluated.`,
  };
}

/** OSCAL asks for a result; a run that ended before the gate has none to tell. */
const nothingJudged = (input: EvidenceInput): object => ({
  uuid: identifier("result", contentSha256(input)),
  title: "nothing judged",
  description: "The run ended before any resource was judged",
  start: input.generatedAt,
  end: input.generatedAt,
  "reviewed-controls": { "control-selections": [noneReviewed("No rule ran")] },
});

const included = (controls: readonly string[]) => ({
  "include-controls": controls.map((id) => ({ "control-id": id })),
});

/** OSCAL asks for controls also where none was reviewed: then they are those that the pack would have asked about. */
const noneReviewed = (why: string): object => ({
  description: `${why}: these are the controls that the pack's rules support, and none was reviewed`,
  ...included([...new Set(catalogue.flatMap(({ id }) => nistControls(id)))].sort()),
});
