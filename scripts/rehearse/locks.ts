import { dataClass, dataClassNames, type LockMode } from "../../components/data-classes";
import { planSubstrate } from "../../components/foundation";
import type { Environment } from "../../stacks/environment";

export interface LockedBucket {
  readonly bucket: string;
  readonly mode: LockMode;
}

/** Buckets whose lock can be tried here: those of a store that the rehearsal runs. AWS's own is not among them. */
export function lockedBuckets(environment: Environment): LockedBucket[] {
  const { endpoint, buckets } = planSubstrate(environment).objectStore;
  if (endpoint === undefined) return [];
  return dataClassNames.flatMap((name) => {
    const { lock } = dataClass(name);
    return lock === undefined ? [] : [{ bucket: buckets[name], mode: lock.mode }];
  });
}
