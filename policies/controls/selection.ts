import type { Controls } from "../catalogue";

/**
 * Whether a rule supports a control of the frameworks that an environment names. One that does not is not switched off: it
 * is beyond what was named, and keeps a promise of the kit.
 *
 * @param frameworks keys of `frameworks.ts`; absent: none was named, and every rule counts as named.
 */
export const isNamed = (supports: Controls, frameworks: readonly string[] | undefined): boolean =>
  frameworks === undefined || frameworks.some((key) => (supports[key] ?? []).length > 0);
