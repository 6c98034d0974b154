import type { Json } from "../provider";

/** Suffixes of Kubernetes quantities and what they multiply by. */
export const suffixes: Readonly<Record<string, number>> = {
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

/** Whether two values are one Kubernetes quantity written twice: the server rewrites `0.5` as `500m`, `1000m` as `1`. */
export function sameQuantity(one: Json, other: Json): boolean {
  const [a, b] = [parse(one), parse(other)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12;
}

function parse(value: Json): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const match = /^([+-]?\d*\.?\d+)(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value);
  if (!match) return undefined;
  const [, digits = "", exponent, suffix = ""] = match;
  return Number(digits) * (exponent ? 10 ** Number(exponent) : (suffixes[suffix] ?? 1));
}
