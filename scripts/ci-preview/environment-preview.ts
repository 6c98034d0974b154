import type { VerdictLedger } from "../../policies/evidence/ledger";
import type { StackSummary } from "../rehearse/summary";
import type { PlannedResource } from "./planned-resources";

/** What one preview of one environment, both its stacks, came to. */
export interface EnvironmentPreview {
  /** `rehearsed`: from nothing, at stand-ins on this machine. `deployed`: against what stands. */
  readonly against: "rehearsed" | "deployed";
  readonly outcome: "planned" | "stopped";
  readonly resources: ReadonlyMap<string, PlannedResource>;
  readonly ledgers: readonly VerdictLedger[];
  readonly stacks: readonly StackSummary[];
  /** What took the place of something real, each in a line. */
  readonly standIns: readonly string[];
  readonly engineVersion: string;
  readonly seconds: number;
}
