import { dataClass, dataClassNames, type DataClassName, type Identity } from "../data-classes";
import type { SubstrateFacts, Verb } from "../substrate";

export interface GrantPlan {
  readonly identity: Identity;
  readonly dataClass: DataClassName;
  readonly verbs: Verb[];
}

/** Every grant that the list of data classes makes, in its order; a footprint turns each into a role of its own. */
export function planGrants(): GrantPlan[] {
  return dataClassNames.flatMap((name) => {
    const { readers, writers } = dataClass(name);
    return [...new Set([...readers, ...writers])].map((identity) => ({
      identity,
      dataClass: name,
      verbs: [
        ...(readers.includes(identity) ? (["read"] as const) : []),
        ...(writers.includes(identity) ? (["write"] as const) : []),
      ],
    }));
  });
}

/** `models/mlflow` becomes `models-mlflow`: the part of a role's name that says whose it is. */
export const roleSuffix = (identity: Identity): string => identity.replace("/", "-");

export type GrantFacts = SubstrateFacts["grants"];
