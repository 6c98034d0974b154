import type { VerdictLedger } from "../../policies/evidence/ledger";
import { summarise } from "../../policies/evidence/summary";
import { waiversOf } from "../../policies/waivers/judge-waivers";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";
import type { InstalledPlugin } from "../../rehearsal/providers/install";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Step } from "../engine/engine-events";
import type { EvidencePaths } from "../evidence/write-evidence-set";
import type { LockProof } from "./prove-lock";
import {
  changedResources,
  populationOf,
  standInsOf,
  zoneCounts,
  type FidelityCounts,
  type Outcome,
  type RehearsalSummary,
  type StackSummary,
} from "./summary";

export interface SummaryArgs {
  /** The environment's name. */
  readonly name: string;
  readonly outcome: Outcome;
  readonly toolbox: Toolbox;
  readonly plugins: readonly InstalledPlugin[];
  /** Absent where the run ended before one was needed. */
  readonly controlPlane: ControlPlane | undefined;
  readonly ledgers: readonly VerdictLedger[];
  readonly steps: readonly Step[];
  readonly stacks: readonly StackSummary[];
  readonly locks: readonly LockProof[];
  readonly fidelity: FidelityCounts;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly evidence: EvidencePaths;
  readonly seconds: number;
}

/** What a rehearsal tells of itself when it is over. */
export function composeSummary(args: SummaryArgs): RehearsalSummary {
  const { name, outcome, toolbox, plugins, controlPlane, ledgers, steps, stacks, locks, fidelity } = args;
  const { version, origin, languageHost } = toolbox.engine;
  const zones = zoneCounts(steps);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    stack: name,
    outcome,
    engine: { version, origin, languageHost: languageHost.origin === "own" ? "the rehearsal's own" : "official" },
    plugins,
    resources: sum(Object.values(zones)),
    created: sum(stacks.map(({ changes }) => changes.create ?? 0)),
    changed: sum(stacks.map(({ changes }) => changedResources(changes))),
    seconds: args.seconds,
    policies: summarise(ledgers),
    waivers: waiversOf(ledgers),
    population: populationOf(ledgers),
    stacks,
    zones,
    locks,
    standIns: standInsOf(plugins, controlPlane, fidelity, toolbox),
    outputs: args.outputs,
    evidence: args.evidence,
  };
}
