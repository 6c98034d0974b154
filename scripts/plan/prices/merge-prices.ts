type Group = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A price or a figure is replaced whole: an amount of one's own must not keep the source of another. */
const isLeaf = (value: unknown): boolean =>
  isGroup(value) && ["amount", "value", "asOf", "source", "basis"].some((key) => key in value);

/** Lays one's own prices over the kit's: groups are merged, each price in them is replaced as a whole. */
export function mergePrices(base: unknown, own: unknown): unknown {
  if (!isGroup(base) || !isGroup(own) || isLeaf(base) || isLeaf(own)) return own;
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(own)) {
    merged.set(key, merged.has(key) ? mergePrices(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** Multiplies the money and the figures below some paths; shares stay at or below 1. */
export function scalePrices<T>(prices: T, paths: readonly string[], factor: number): T {
  const walk = (value: unknown, path: string): unknown => {
    if (!isGroup(value)) return value;
    const within = paths.some((prefix) => path === prefix || path.startsWith(`${prefix}.`) || prefix === "");
    if (isLeaf(value)) {
      if (!within) return value;
      if (typeof value["amount"] === "number") return { ...value, amount: value["amount"] * factor };
      const scaled = Number(value["value"]) * factor;
      return { ...value, value: path.startsWith("load.") ? Math.min(1, scaled) : scaled };
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, walk(inner, path === "" ? key : `${path}.${key}`)]),
    );
  };
  return walk(prices, "") as T;
}

/** Every price and figure with its path, such as `cloud.clusterHour`. */
export function priceLeaves(prices: unknown, path: readonly string[] = []): { path: readonly string[]; leaf: Group }[] {
  if (!isGroup(prices)) return [];
  if (isLeaf(prices)) return [{ path, leaf: prices }];
  return Object.entries(prices).flatMap(([key, inner]) => priceLeaves(inner, [...path, key]));
}
