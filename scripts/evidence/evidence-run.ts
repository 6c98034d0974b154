import { standingZones, zones } from "../../components/zones";
import { sha256 } from "../../policies/evidence/canonical";
import type { EvidenceInput, EvidencePart, UngatedUpdate } from "../../policies/evidence/evidence";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import { planDocument, type PlannedResource } from "../../policies/evidence/plan-document";
import { waiversOf } from "../../policies/waivers/judge-waivers";
import type { Environment } from "../../stacks/environment";
import type { Step } from "../engine/engine-events";
import { stands, type Outcome } from "../rehearse/summary";
import { evidenceFlows } from "./evidence-flows";

/** One run of an environment, as its evidence tells it; what went before it is added when the evidence is written. */
export interface EvidenceRun {
  readonly input: Omit<EvidenceInput, "previous">;
  readonly plan: readonly PlannedResource[];
}

export interface EvidenceRunArgs {
  readonly environment: Environment;
  readonly outcome: Outcome;
  readonly engine: { readonly version: string; readonly origin: string };
  /** One per stack that was judged. */
  readonly ledgers: readonly VerdictLedger[];
  /** What the engine did or would do, of both stacks. Of a resource that is told of twice the last counts. */
  readonly steps: readonly Step[];
  readonly parts: readonly EvidencePart[];
  readonly ungated?: readonly UngatedUpdate[];
  /** Default: now. */
  readonly at?: Date;
}

/** What an environment's evidence is made of, the same way after a rehearsal and after an `up`. */
export function evidenceRun(args: EvidenceRunArgs): EvidenceRun {
  const { environment, outcome, engine, parts, ungated, at = new Date() } = args;
  // The engine works on many resources at once, and stacks are judged side by side: their order is chance.
  const steps = sorted([...new Map(args.steps.map((step) => [step.urn, step])).values()], ({ urn }) => urn);
  const ledgers = sorted(args.ledgers, ({ stack }) => stack);
  const planned = steps.filter(({ op, type }) => op !== "delete" && type !== "pulumi:pulumi:Stack");
  const plan = planned.map(({ urn, type, inputsSha256 }) => ({ urn, type, ...(inputsSha256 ? { inputsSha256 } : {}) }));
  const waivers = waiversOf(ledgers);
  const { version, origin } = engine;
  const input: EvidenceRun["input"] = {
    generatedAt: at.toISOString(),
    environment: environment.name,
    footprint: environment.footprint.kind,
    engine: { version, origin },
    outcome,
    ...(plan.length > 0 ? { plan: { sha256: sha256(planDocument(environment.name, plan)) } } : {}),
    ledgers,
    ...(waivers.length > 0 ? { waivers } : {}),
    ...(ungated && ungated.length > 0 ? { ungated } : {}),
    frameworks: environment.frameworks,
    zones: standingZones.map((name) => ({ name, purpose: zones[name].purpose, dataClass: zones[name].dataClass })),
    flows: evidenceFlows(),
    parts,
    resources: steps.filter(stands).map(({ urn, type, namespace }) => ({ urn, type, zone: namespace })),
  };
  return { input, plan };
}

const sorted = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  [...items].sort((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
