import { readFileSync, existsSync } from "node:fs";
import { standingZones } from "../../components/zones";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import type { PolicySummary } from "../../policies/evidence/summary";
import type { JudgedWaiver } from "../../policies/waivers/waiver";
import type { FidelityEntry } from "../../rehearsal/providers/fidelity-log";
import type { InstalledPlugin } from "../../rehearsal/providers/install";
import type { Fidelity } from "../../rehearsal/providers/provider";
import type { LockProof } from "./prove-lock";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { EngineResult } from "../engine/engine";
import type { Step } from "../engine/engine-events";
import type { EvidencePaths } from "../evidence/write-evidence-set";

/** How a rehearsal ended: 0 released or planned, 1 stopped, 2 up but not released. */
export type Outcome = "released" | "planned" | "stopped" | "not-released";

export const exitCodes: Record<Outcome, number> = { released: 0, planned: 0, stopped: 1, "not-released": 2 };

export interface StackSummary {
  readonly stack: string;
  readonly verb: "up" | "preview";
  /** Resources by operation: what was done, or, of a preview, would be. */
  readonly changes: Readonly<Record<string, number>>;
  /** What an `up` would have done that was refused in its own preview; `changes` is then empty. */
  readonly notMade?: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What mandatory policies refused: rule, resource and remedy. */
  readonly refused: readonly string[];
}

/** Written as `summary.json` after each rehearsal. */
export interface RehearsalSummary {
  /** The environment: both its stacks. */
  readonly stack: string;
  readonly outcome: Outcome;
  readonly engine: { readonly version: string; readonly origin: string; readonly languageHost: string };
  readonly plugins: readonly InstalledPlugin[];
  readonly resources: number;
  readonly created: number;
  /** Resources that were created, updated, replaced or deleted. */
  readonly changed: number;
  readonly seconds: number;
  readonly policies: PolicySummary;
  /** Every waiver of the environment, and what became of it. */
  readonly waivers: readonly JudgedWaiver[];
  /** Resources judged, of those seen. */
  readonly population: { readonly resources: number; readonly evaluated: number };
  readonly stacks: readonly StackSummary[];
  /** Resources by zone; what belongs to no namespace counts as the foundation. */
  readonly zones: Readonly<Record<string, number>>;
  /** What the store's own administrator could do to locked versions; empty where the store is not run here. */
  readonly locks: readonly LockProof[];
  /** What took the place of something real. */
  readonly standIns: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly evidence: EvidencePaths;
}

const quiet = new Set(["same", "read", "refresh"]);

export const changedResources = (changes: Readonly<Record<string, number>>): number =>
  Object.entries(changes).reduce((sum, [operation, count]) => (quiet.has(operation) ? sum : sum + count), 0);

/** An `up` that its own preview stopped: nothing of it was made. */
export const stoppedInPreview = (verb: "up" | "preview", { code, onlyPlanned }: EngineResult): boolean =>
  verb === "up" && code !== 0 && onlyPlanned;

export function stackSummary(stack: string, verb: "up" | "preview", result: EngineResult): StackSummary {
  const { changes, seconds, errors, warnings, code, output } = result;
  // An engine that stopped before its first event has told the reason on its output alone.
  const told = errors.length === 0 && code !== 0 ? [output.trim()] : errors;
  const refused = result.policies
    .filter((policy) => policy.mandatory)
    .map(({ policy, message, urn }) => `${policy} ${urn?.split("::").at(-1) ?? "the stack"}: ${message}`);
  const outcome = stoppedInPreview(verb, result) ? { changes: {}, notMade: changes } : { changes };
  return { stack, verb, ...outcome, seconds, errors: told, warnings, refused };
}

/** How real each type was, by the most real of its resources that ran; names and how many resources. */
export interface FidelityCounts {
  /** A real server has them. */
  readonly real: readonly string[];
  /** Moto, in the place of AWS, has them: the request was judged by AWS's model, and sent. */
  readonly moto: readonly string[];
  /** AWS's own model judged the request, and nobody got it. */
  readonly model: readonly string[];
  /** Checked and computed by the stand-in alone. */
  readonly computed: readonly string[];
  /** Resources of each sort. */
  readonly resources: Readonly<Record<Fidelity, number>>;
}

const sorts = ["real", "moto", "model", "computed"] as const satisfies readonly Fidelity[];

/** How real what the stand-in providers handled was: each type counted and named under each sort that it was of. */
export function fidelityOf(log: string): FidelityCounts {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
  const entries = lines.map((line) => JSON.parse(line) as Pick<FidelityEntry, "token" | "urn" | "fidelity">);
  // Some resources are handled more than once: the last time counts.
  const resources = [...new Map(entries.map((entry) => [entry.urn, entry])).values()];
  const of = (sort: Fidelity) => resources.filter(({ fidelity }) => fidelity === sort);
  const tokens = (sort: Fidelity) => [...new Set(of(sort).map(({ token }) => token))].sort();
  return {
    real: tokens("real"),
    moto: tokens("moto"),
    model: tokens("model"),
    computed: tokens("computed"),
    resources: Object.fromEntries(sorts.map((sort) => [sort, of(sort).length])) as Record<Fidelity, number>,
  };
}

/** Components and providers are how the kit is ordered; what a provider makes is what stands. */
export const stands = ({ type, op }: Step): boolean =>
  !type.startsWith("pulumi:") && !type.startsWith("cloister:") && op !== "delete";

/** Resources by zone; what is in no namespace counts as the foundation. */
export function zoneCounts(steps: readonly Step[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(["foundation", ...standingZones].map((zone) => [zone, 0]));
  for (const step of steps.filter(stands)) {
    const zone = step.namespace ?? "foundation";
    counts[zone] = (counts[zone] ?? 0) + 1;
  }
  return counts;
}

export function populationOf(ledgers: readonly VerdictLedger[]): { resources: number; evaluated: number } {
  return {
    resources: ledgers.reduce((sum, { population }) => sum + population.resources, 0),
    evaluated: ledgers.reduce((sum, { population }) => sum + population.evaluated, 0),
  };
}

const sortNames = {
  moto: "sent to moto in the place of AWS, after AWS's own models had judged them",
  model: "judged by AWS's own models and sent to nobody",
  computed: "only checked and computed",
} as const;

/** A line for each sort that is a stand-in's, with how many resources and which types it has. */
export function fidelityLines(fidelity: FidelityCounts): string[] {
  const sorted = (["moto", "model", "computed"] as const).filter((sort) => fidelity[sort].length > 0);
  return sorted.map((sort) => {
    const names = fidelity[sort].map((token) => token.split(":").at(-1) ?? token).join(", ");
    return `${fidelity[sort].length} types, ${fidelity.resources[sort]} resources, ${sortNames[sort]}: ${names}`;
  });
}

/** What took the place of something real, each in one line. */
export function standInsOf(
  plugins: readonly InstalledPlugin[],
  controlPlane: { readonly standIns: readonly string[] } | undefined,
  fidelity: FidelityCounts,
  toolbox: Pick<Toolbox, "unavailable" | "engine">,
): string[] {
  const standIns = plugins.filter((plugin) => plugin.origin === "stand-in").map((plugin) => plugin.name);
  return [
    ...(standIns.length === 0 ? [] : [`providers ${standIns.join(", ")}: the kit's own, not Pulumi's plugins`]),
    ...fidelityLines(fidelity),
    ...[...toolbox.unavailable].map(([tool, why]) => `${tool} could not be had here: ${why}`),
    ...(controlPlane?.standIns ?? []),
    "images and weights: placeholders of a few hundred bytes in a real registry, pinned by their real digests",
    ...(toolbox.engine.languageHost.origin === "own" ? ["the engine's language host for Node"] : []),
  ];
}
