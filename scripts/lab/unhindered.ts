import type { Environment } from "../../stacks/environment";

/** An environment for trials and measurements, which ask for more than a person may: its limits are the highest there are. */
export function unhindered({ platform, ...environment }: Environment): Environment {
  const door = { ...platform.door, requestsPerMinute: 1_000_000 };
  const limits = { ...platform.limits, person: { requestsPerMinute: 1_000_000, tokensPerHour: 4_000_000_000 } };
  return { ...environment, platform: { ...platform, door, limits } };
}
