import { suffixes } from "../../../rehearsal/providers/kubernetes/quantity";

/**
 * The number that a Kubernetes quantity, such as `500m` or `16Gi`, stands for.
 *
 * @throws where it is none.
 */
export function quantity(text: string | number): number {
  const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([A-Za-z]{0,2})$/.exec(`${text}`) ?? [];
  const factor = suffixes[suffix];
  if (digits === undefined || factor === undefined) throw new Error(`${text} is no quantity of Kubernetes`);
  return Number(digits) * factor;
}

/** Cores as Compose writes them, to the thousandth, such as `0.5`. */
export const composeCpus = (cpus: string | number): string => `${Math.round(quantity(cpus) * 1000) / 1000}`;

/** Whole bytes, rounded up as Kubernetes does. */
export const bytes = (memory: string | number): string => `${Math.ceil(quantity(memory))}`;

/** Seconds as a duration of Compose. */
export const seconds = (count: number): string => `${count}s`;
