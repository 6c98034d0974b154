import entries from "./catalogue.json";

export type Severity = "critical" | "high" | "medium" | "low";
/** `resource` rules run on inputs, before creation, and prevent. `stack` rules see every resource, after, and detect. */
export type Scope = "resource" | "stack";
export type Group =
  | "encryption"
  | "immutability"
  | "isolation"
  | "identity"
  | "supply-chain"
  | "data-residency"
  | "audit"
  | "availability"
  | "ai";

/** Controls a rule supports, by framework key (see `frameworks.ts`): `{ "pci-dss": ["1.3.1"] }`. */
export type Controls = Readonly<Record<string, readonly string[]>>;

/** One rule the kit means to have, implemented or not. */
export interface CatalogueEntry {
  readonly id: string;
  readonly group: Group;
  readonly severity: Severity;
  readonly scope: Scope;
  readonly title: string;
  /** The check in shorthand. */
  readonly check: string;
  /** The kinds of resource it looks at, in shorthand; WL is every kind that bears pods. */
  readonly looksAt: readonly string[];
  readonly supports: Controls;
}

/** All 80 rules. What is not implemented yet is reported `notEvaluated`, never left out. */
export const catalogue: readonly CatalogueEntry[] = entries as unknown as readonly CatalogueEntry[];

/** The entry of one rule. Throws on an id the catalogue does not hold. */
export function catalogued(id: string): CatalogueEntry {
  const found = catalogue.find((entry) => entry.id === id);
  if (!found) throw new Error(`rule ${id} is not in policies/catalogue.json`);
  return found;
}

/** The controls a rule supports: the one place rules take them from. */
export function controlsOf(id: string): Controls {
  return catalogued(id).supports;
}
