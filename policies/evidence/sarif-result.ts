import { catalogue } from "../catalogue";
import type { State, Verdict } from "../rule";
import type { Waiver } from "../waivers/waiver";
import { identifier } from "./identifier";
import { levels } from "./sarif-rules";

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

export interface ResultContext {
  readonly environment: string;
  /** Place of the rule in the catalogue. */
  readonly ruleIndex: number;
  /** The waiver that the verdict names. */
  readonly waiver: Waiver | undefined;
}

export function result(verdict: Verdict, { environment, ruleIndex, waiver }: ResultContext): object {
  const entry = catalogue[ruleIndex];
  const failing = verdict.state === "fail" || verdict.state === "waived";
  return {
    ruleId: verdict.rule,
    ruleIndex,
    kind: kinds[verdict.state],
    level: failing && entry ? levels[entry.severity] : "none",
    message: { text: verdict.message },
    locations: [location(verdict, environment)],
    partialFingerprints: { "ruleAndResource/v1": identifier(verdict.rule, verdict.urn) },
    ...(verdict.state === "waived" ? { suppressions: [suppression(verdict, waiver)] } : {}),
    properties: {
      state: verdict.state,
      ...(verdict.type ? { resourceType: verdict.type } : {}),
      ...(verdict.path ? { path: verdict.path } : {}),
      ...(verdict.inputsSha256 ? { inputsSha256: verdict.inputsSha256 } : {}),
      ...(verdict.undecided ? { undecided: verdict.undecided } : {}),
      ...(verdict.waiver ? { waiver: verdict.waiver } : {}),
    },
  };
}

/**
 * A resource has no line, and neither has a verdict on a rule as a whole: what a person would change is the environment's
 * file, whose first line stands for it. Scanners refuse a result without a place.
 */
const location = ({ urn }: Verdict, environment: string): object => ({
  physicalLocation: {
    artifactLocation: { uri: `stacks/${encodeURIComponent(environment)}.yaml`, uriBaseId: "%SRCROOT%" },
    region: { startLine: 1 },
  },
  ...(urn === ""
    ? {}
    : { logicalLocations: [{ kind: "resource", name: urn.split("::").at(-1), fullyQualifiedName: urn }] }),
});

const suppression = (verdict: Verdict, waiver: Waiver | undefined): object => ({
  kind: "external",
  status: "accepted",
  guid: identifier("suppression", verdict.waiver ?? "", verdict.rule, verdict.urn),
  ...(waiver
    ? {
        justification: `${waiver.id}: ${waiver.reason}`,
        properties: {
          waiver: waiver.id,
          owner: waiver.owner,
          approver: waiver.approver,
          created: waiver.created,
          expires: waiver.expires,
          compensating: waiver.compensating,
          ...(waiver.ticket ? { ticket: waiver.ticket } : {}),
        },
      }
    : {}),
});
