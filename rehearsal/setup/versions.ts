type Version = readonly [major: number, minor: number, patch: number];

/** Reads `v3.274.1`, `go1.26.8`, `3.11`, `go1.27rc1` or `3.248.0-alpha.1+x`; undefined when there is no number to read. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** True when `found` is `floor` or newer; a version that cannot be read never is. Pre-release tags are ignored. */
export function atLeast(found: string, floor: string): boolean {
  const [a, b] = [parseVersion(found), parseVersion(floor)];
  if (!a || !b) return false;
  for (const index of [0, 1, 2] as const) if (a[index] !== b[index]) return a[index] > b[index];
  return true;
}
