import type { CostChange } from "./cost-change";
import type { EnvironmentPreview } from "./environment-preview";
import type { ResourceChange } from "./plan-difference";
import type { VerdictChange } from "./verdict-change";

/** What is told of one environment. */
export interface EnvironmentReport {
  readonly environment: string;
  /**
   * `passes`: the gate let it through. `stopped`: the gate or the program stopped it. `invalid`: its file is none.
   * `drifted`: what stands is not what the code says. `removed`: the change takes its file away. `failed`: it could not
   * be previewed.
   */
  readonly verdict: "passes" | "stopped" | "invalid" | "drifted" | "removed" | "failed";
  /** Why it is `invalid` or `failed`, or what the program said where it stopped. */
  readonly messages: readonly string[];
  readonly changes: readonly ResourceChange[];
  readonly against: EnvironmentPreview["against"];
  /** Why there is no comparison with the code as it was, where one was wanted. */
  readonly baseMissing?: string;
  readonly verdicts?: VerdictChange;
  /** The verdicts as SARIF 2.1.0; absent where nothing was judged. Kept in a file of its own. */
  readonly sarif?: string;
  readonly cost?: CostChange;
  readonly standIns: readonly string[];
  readonly seconds: number;
}

/** What a run of `ci-preview` came to. */
export interface PreviewReport {
  /** The commit that was compared with; absent for drift. */
  readonly base?: string;
  readonly drift: boolean;
  readonly environments: readonly EnvironmentReport[];
}

/** 0: all is well. 1: something is stopped, invalid or failed. 3: nothing of that, but something drifted. */
export function exitCodeOf({ environments }: PreviewReport): number {
  const verdicts = environments.map(({ verdict }) => verdict);
  if (verdicts.some((verdict) => verdict === "stopped" || verdict === "invalid" || verdict === "failed")) return 1;
  return verdicts.includes("drifted") ? 3 : 0;
}
