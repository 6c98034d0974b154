import type { Environment } from "../../../stacks/environment";
import type { RunningLab } from "../running-lab";
import { doorTrials } from "./door-trials";
import { metricTrials } from "./metric-trials";
import { recordTrials } from "./record-trials";
import { registryTrials } from "./registry-trials";

/** One thing that is tried of a lab that is up. */
export interface Trial {
  readonly name: string;
  /** @returns what was seen. @throws an error that says what was seen instead. */
  readonly run: () => Promise<string>;
}

export interface TrialResult {
  readonly name: string;
  readonly ok: boolean;
  /** What was seen. */
  readonly found: string;
}

/** Tries a lab as its guide does, one thing after the other: the record is looked at when all was asked. */
export async function checkLab(
  environment: Environment,
  lab: RunningLab,
  tell: (result: TrialResult) => void,
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  for (const trial of [
    ...doorTrials(environment, lab),
    ...recordTrials(environment),
    ...metricTrials(lab),
    ...registryTrials(lab),
  ]) {
    const result = await trial.run().then(
      (found) => ({ name: trial.name, ok: true, found }),
      (error: Error) => ({ name: trial.name, ok: false, found: error.message }),
    );
    tell(result);
    results.push(result);
  }
  return results;
}
