import { catalogued } from "../catalogue";
import type { State, Verdict } from "../rule";
import { rules } from "../rules";
import { waiversOf } from "../waivers/judge-waivers";
import type { Waiver } from "../waivers/waiver";
import { evidenceFiles, packFile } from "./attested-names";
import type { EvidenceInput } from "./evidence";
import { identifier } from "./identifier";
import type { VerdictLedger } from "./ledger";
import { nistControls, nistTitle, property, propertyIf, some } from "./oscal-parts";
import { place } from "./page-model";

/** What one stack's run found, as far as OSCAL can tell it. */
export interface Judged {
  readonly ledger: VerdictLedger;
  readonly input: EvidenceInput;
  /** Verdicts on resources. */
  readonly observed: readonly Verdict[];
  /** Controls that those verdicts bear on, by their identifiers in OSCAL's catalogue. */
  readonly controls: readonly string[];
}

const tool = (ledger: VerdictLedger) => identifier("component", ledger.packSha256);
const observationId = (verdict: Verdict) => identifier("observation", verdict.rule, verdict.urn);
const riskId = (verdict: Verdict) => identifier("risk", verdict.rule, verdict.urn, verdict.waiver ?? "");

export const validationComponent = (ledger: VerdictLedger) => ({
  uuid: tool(ledger),
  type: "validation",
  title: packFile,
  description: "CrossGuard policy pack",
  props: [property("version", ledger.packVersion), property("sha256", ledger.packSha256)],
  status: { state: "operational" },
});

export const observations = ({ ledger, observed }: Judged): object[] =>
  observed.map((verdict) => ({
    uuid: observationId(verdict),
    title: verdict.rule,
    description: verdict.message,
    methods: ["TEST"],
    types: ["finding"],
    origins: [{ actors: [{ type: "tool", "actor-uuid": tool(ledger) }] }],
    subjects: [{ "subject-uuid": identifier("resource", verdict.urn), type: "inventory-item" }],
    "relevant-evidence": [
      {
        href: `${evidenceFiles.html}#${encodeURI(place.verdict(verdict))}`,
        description: "The verdict, with the SHA-256 over the names and values that the rule read",
        ...some("props", propertyIf("inputs-sha256", verdict.inputsSha256)),
      },
    ],
    props: [
      property("policy-id", verdict.rule),
      property("result", verdict.state),
      property("severity", catalogued(verdict.rule).severity),
      ...propertyIf("path", verdict.path),
      ...propertyIf("undecided", verdict.undecided),
      ...propertyIf("waiver-id", verdict.waiver),
    ],
    collected: ledger.finishedAt,
  }));

/** A failure is an open risk; one that somebody accepted for a while is a deviation, with its end and what stands in for it. */
export function risks({ input, observed }: Judged): object[] {
  const waivers = new Map((input.waivers ?? waiversOf(input.ledgers)).map(({ waiver }) => [waiver.id, waiver]));
  return observed.filter(isRisk).map((verdict) => {
    const waiver = verdict.waiver === undefined ? undefined : waivers.get(verdict.waiver);
    const common = {
      uuid: riskId(verdict),
      title: waiver === undefined ? verdict.rule : `Waiver ${waiver.id}`,
      description: verdict.message,
    };
    const related = { "related-observations": [{ "observation-uuid": observationId(verdict) }] };
    return { ...common, ...(waiver === undefined ? openRisk(verdict) : deviation(verdict, waiver)), ...related };
  });
}

const isRisk = ({ state, waiver }: Verdict): boolean => state === "fail" || state === "waived" || waiver !== undefined;

function openRisk({ rule, urn }: Verdict): object {
  const remediation = rules.find(({ id }) => id === rule)?.remediation;
  return {
    statement: `Not so: ${catalogued(rule).title}.`,
    status: "open",
    ...some(
      "remediations",
      remediation === undefined
        ? []
        : [
            {
              uuid: identifier("remediation", rule, urn),
              lifecycle: "recommendation",
              title: rule,
              description: remediation,
            },
          ],
    ),
  };
}

function deviation({ rule, urn }: Verdict, waiver: Waiver): object {
  return {
    statement: waiver.reason,
    props: [
      property("waiver-id", waiver.id),
      property("owner", waiver.owner),
      property("approver", waiver.approver),
      property("created", waiver.created),
      property("expires", waiver.expires),
      ...propertyIf("ticket", waiver.ticket),
    ],
    status: "deviation-approved",
    // A waiver counts throughout its last day.
    deadline: `${waiver.expires}T23:59:59Z`,
    "mitigating-factors": [{ uuid: identifier("mitigation", waiver.id, rule, urn), description: waiver.compensating }],
  };
}

/** `satisfied` is OSCAL's word for an objective whose every check passed: it is about the checks, not the control. */
export function findings({ ledger, observed, controls }: Judged): object[] {
  const judged = observed.filter((verdict) => verdict.state !== "notApplicable");
  return controls.map((control) => {
    const mine = judged.filter((verdict) => nistControls(verdict.rule).includes(control));
    const count = (state: State) => mine.filter((verdict) => verdict.state === state).length;
    const [fails, opens, waived] = [count("fail"), count("open"), count("waived")];
    return {
      uuid: identifier("finding", `${ledger.project}/${ledger.stack}`, control),
      title: nistTitle(control),
      description: `${count("pass")} checks that support the control passed, ${fails} failed, ${opens} are undecided, ${waived} are waived`,
      target: { type: "objective-id", "target-id": `${control}_obj`, status: statusOf(fails, opens, waived) },
      "related-observations": mine.map((verdict) => ({ "observation-uuid": observationId(verdict) })),
      ...some(
        "related-risks",
        mine.filter(isRisk).map((verdict) => ({ "risk-uuid": riskId(verdict) })),
      ),
    };
  });
}

function statusOf(fails: number, opens: number, waived: number): object {
  if (fails > 0) return { state: "not-satisfied", reason: "fail" };
  if (waived > 0) return { state: "not-satisfied", reason: "fail", remarks: "Accepted for a while: see the risks" };
  if (opens > 0)
    return { state: "not-satisfied", reason: "other", remarks: "Not known yet: judged again once everything exists" };
  return { state: "satisfied", reason: "pass" };
}
