/** Suffixes of Kubernetes quantities and what they multiply by. */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a Kubernetes quantity, such as `500m` or `16Gi`, stands for.
 *
 * @throws where it is none.
 */
export function quantity(text: string | number): number {
  const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([A-Za-z]{0,2})$/.exec(`${text}`) ?? [];
  const factor = factors[suffix];
  if (digits === undefined || factor === undefined) throw new Error(`${text} is no quantity of Kubernetes`);
  return Number(digits) * factor;
}

/** Cores as Compose writes them, to the thousandth, such as `0.5`. */
export const composeCpus = (cpus: string | number): string => `${Math.round(quantity(cpus) * 1000) / 1000}`;

/** Whole bytes, rounded up as Kubernetes does. */
export const bytes = (memory: string | number): string => `${Math.ceil(quantity(memory))}`;

/** Seconds as a duration of Compose. */
export const seconds = (count: number): string => `${count}s`;
