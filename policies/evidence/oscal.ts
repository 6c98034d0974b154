import { catalogued } from "../catalogue";
import type { State, Verdict } from "../rule";
import type { EvidenceInput } from "./evidence";
import { identifier } from "./identifier";
import { mergeVerdicts } from "./summary";
import type { VerdictLedger } from "./ledger";

const ns = "https://cloister.dev/ns/oscal";
const property = (name: string, value: string) => ({ name, ns, value });

/** An array under its key, or nothing: an empty array is invalid in OSCAL. */
function some<Key extends string, Item>(key: Key, items: readonly Item[]): Partial<Record<Key, readonly Item[]>> {
  return items.length > 0 ? ({ [key]: items } as Record<Key, readonly Item[]>) : {};
}

/** The identifier of a NIST SP 800-53 control in OSCAL's catalogue: `SC-28(1)` is `sc-28.1`. */
export function nistControlId(control: string): string {
  return control.toLowerCase().replace(/\((\d+)\)$/, ".$1");
}

const nistControls = (rule: string) => (catalogued(rule).supports["nist-800-53"] ?? []).map(nistControlId);

/**
 * The verdicts as OSCAL 1.2.1 assessment results, one result per stack. Controls are those of NIST SP 800-53 r5 alone:
 * OSCAL has a catalogue for no other framework the rules name. Verdicts about a rule as a whole are not observations of
 * anything, so they are counted in the result's remarks.
 */
export function oscal(input: EvidenceInput): string {
  const [first] = input.ledgers;
  const document = {
    "assessment-results": {
      uuid: identifier("assessment-results", input.environment, input.generatedAt),
      metadata: {
        title: `Policy evidence: ${input.environment}, ${input.outcome}`,
        "last-modified": input.generatedAt,
        version: first?.packVersion ?? "0",
        "oscal-version": "1.2.1",
        props: [
          property("environment", input.environment),
          property("footprint", input.footprint),
          property("outcome", input.outcome),
          property("pulumi-version", input.engine.version),
          ...(first ? [property("policy-pack-sha256", first.packSha256)] : []),
        ],
      },
      // The plan of the assessment is the pack itself, named by its digest.
      "import-ap": { href: "#policy-pack" },
      ...some("results", input.ledgers.map(result)),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function result(ledger: VerdictLedger): object {
  const verdicts = mergeVerdicts([ledger]);
  const observed = verdicts.filter((verdict) => verdict.urn !== "");
  const whole = verdicts.filter((verdict) => verdict.urn === "");
  const count = (state: State) => whole.filter((verdict) => verdict.state === state).length;
  const judged = observed.filter((verdict) => verdict.state !== "notApplicable");
  const controls = [...new Set(judged.flatMap((verdict) => nistControls(verdict.rule)))].sort();
  const subjects = new Map(observed.map((verdict) => [verdict.urn, verdict.type]));
  const of = `${ledger.project}/${ledger.stack}`;
  const tool = identifier("component", ledger.packSha256);
  return {
    uuid: identifier("result", of, ledger.startedAt),
    title: `${ledger.stack}, ${ledger.phase}`,
    description: `${ledger.population.evaluated} of ${ledger.population.resources} resources judged`,
    start: ledger.startedAt,
    end: ledger.finishedAt,
    "local-definitions": {
      components: [
        {
          uuid: tool,
          type: "validation",
          title: "cloister-policies",
          description: "CrossGuard policy pack",
          status: { state: "operational" },
        },
      ],
      ...some(
        "inventory-items",
        [...subjects].map(([urn, type]) => ({
          uuid: identifier("resource", urn),
          description: urn.split("::").at(-1) ?? urn,
          props: [property("pulumi-urn", urn), property("pulumi-type", type)],
        })),
      ),
    },
    "reviewed-controls": {
      "control-selections": [
        controls.length > 0
          ? { "include-controls": controls.map((id) => ({ "control-id": id })) }
          : { description: "No rule that ran supports a control of NIST SP 800-53 r5" },
      ],
    },
    ...some(
      "observations",
      observed.map((verdict) => observation(verdict, ledger, tool)),
    ),
    ...some(
      "findings",
      controls.map((control) => finding(control, judged, of)),
    ),
    remarks: `${count("notApplicable")} rules met nothing of their kind; ${count("notEvaluated")} rules of the catalogue were not evaluated.`,
  };
}

function observation(verdict: Verdict, ledger: VerdictLedger, tool: string): object {
  return {
    uuid: observationId(verdict),
    title: verdict.rule,
    description: verdict.message,
    methods: ["TEST"],
    types: ["finding"],
    collected: ledger.finishedAt,
    props: [
      property("policy-id", verdict.rule),
      property("result", verdict.state),
      property("severity", catalogued(verdict.rule).severity),
      ...(verdict.path ? [property("path", verdict.path)] : []),
      ...(verdict.inputsSha256 ? [property("inputs-sha256", verdict.inputsSha256)] : []),
    ],
    origins: [{ actors: [{ type: "tool", "actor-uuid": tool }] }],
    subjects: [{ "subject-uuid": identifier("resource", verdict.urn), type: "inventory-item" }],
  };
}

/** `satisfied` is OSCAL's word for an objective whose every check passed: it is about the checks, not the control. */
function finding(control: string, judged: readonly Verdict[], of: string): object {
  const mine = judged.filter((verdict) => nistControls(verdict.rule).includes(control));
  const count = (state: State) => mine.filter((verdict) => verdict.state === state).length;
  const [fails, opens, waived] = [count("fail"), count("open"), count("waived")];
  const status =
    fails + waived > 0
      ? { state: "not-satisfied", reason: "fail" }
      : opens > 0
        ? { state: "not-satisfied", reason: "other" }
        : { state: "satisfied", reason: "pass" };
  return {
    uuid: identifier("finding", of, control),
    title: control.toUpperCase(),
    description: `${count("pass")} checks that support the control passed, ${fails} failed, ${opens} are undecided, ${waived} are waived`,
    target: { type: "objective-id", "target-id": `${control}_obj`, status },
    "related-observations": mine.map((verdict) => ({ "observation-uuid": observationId(verdict) })),
  };
}

const observationId = (verdict: Verdict) => identifier("observation", verdict.rule, verdict.urn);
