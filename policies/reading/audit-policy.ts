import type { Properties } from "../rule";

export type Level = "None" | "Metadata" | "Request" | "RequestResponse";

/** One request that an audit policy is asked about, by whoever makes it and wherever. */
export interface Probe {
  /** API group; empty for the core. */
  readonly group: string;
  /** Resource with its subresource, such as `pods/exec`. */
  readonly resource: string;
  readonly verb: string;
}

const listOf = (value: unknown): string[] => ((value ?? []) as unknown[]).map(String);

/** In a rule a star is every kind; behind a slash it is every subresource, before it every kind that has one. */
function holdsResource(names: readonly string[], resource: string): boolean {
  if (names.length === 0) return true;
  const [kind = "", sub] = resource.split("/");
  const also = sub === undefined ? [] : [`${kind}/*`, `*/${sub}`];
  return ["*", resource, ...also].some((pattern) => names.includes(pattern));
}

/** Whether a rule can match the request: for everybody, for some alone, or not at all. */
function matching(rule: Properties, { group, resource, verb }: Probe): "all" | "some" | "none" {
  const verbs = listOf(rule?.verbs);
  if (verbs.length > 0 && !verbs.includes(verb)) return "none";
  const resources = (rule?.resources ?? []) as Properties[];
  // A rule for paths that are no resources is not about this one.
  if (resources.length === 0 && listOf(rule?.nonResourceURLs).length > 0) return "none";
  const mine = resources.filter(
    (one) => String(one?.group ?? "") === group && holdsResource(listOf(one?.resources), resource),
  );
  if (resources.length > 0 && mine.length === 0) return "none";
  const narrowed =
    ["users", "userGroups", "namespaces"].some((part) => listOf(rule?.[part]).length > 0) ||
    (mine.length > 0 && mine.every((one) => listOf(one?.resourceNames).length > 0));
  return narrowed ? "some" : "all";
}

/**
 * The levels at which a request can come to be recorded, whoever makes it: of each rule before the first that takes all such
 * requests in, and of that one. Where none does, the request is not recorded at all.
 */
export function levelsFor(policy: Properties, probe: Probe): Level[] {
  const levels: Level[] = [];
  for (const rule of (policy?.rules ?? []) as Properties[]) {
    const match = matching(rule, probe);
    if (match !== "none") levels.push(String(rule?.level ?? "None") as Level);
    if (match === "all") return levels;
  }
  return [...levels, "None"];
}
