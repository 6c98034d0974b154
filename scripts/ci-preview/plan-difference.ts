import type { PlannedResource } from "./planned-resources";

/** What would become of one resource. */
export interface ResourceChange {
  readonly change: "create" | "update" | "replace" | "delete";
  readonly urn: string;
  readonly type: string;
  /** Paths of the inputs that change, such as `spec.replicas`; never their values, which may be nobody's to read. */
  readonly fields: readonly string[];
}

type Plan = ReadonlyMap<string, PlannedResource>;

/** What the engine says it would do to what is deployed. */
export function deployedChanges(plan: Plan): ResourceChange[] {
  return [...plan.values()]
    .flatMap(({ op, urn, type, fields }): ResourceChange[] =>
      op === "create" || op === "update" || op === "replace" || op === "delete"
        ? [{ change: op, urn, type, fields: op === "update" || op === "replace" ? fields : [] }]
        : [],
    )
    .sort(byUrn);
}

/** How a plan from nothing differs from another one: what the change of the code would change of what stands. */
export function planDifference(base: Plan, head: Plan): ResourceChange[] {
  const changes: ResourceChange[] = [];
  for (const { urn, type } of base.values())
    if (!head.has(urn)) changes.push({ change: "delete", urn, type, fields: [] });
  for (const { urn, type, inputs } of head.values()) {
    const before = base.get(urn);
    if (before === undefined) changes.push({ change: "create", urn, type, fields: [] });
    else {
      const fields = differingPaths(before.inputs, inputs);
      if (fields.length > 0) changes.push({ change: "update", urn, type, fields });
    }
  }
  return changes.sort(byUrn);
}

const byUrn = (left: ResourceChange, right: ResourceChange): number =>
  left.urn < right.urn ? -1 : left.urn > right.urn ? 1 : 0;

/** Paths of the leaves in which two values differ, `containers[0].image`; the empty path where the values themselves do. */
export function differingPaths(before: unknown, after: unknown, path = ""): string[] {
  if (Object.is(before, after)) return [];
  if (!isHolder(before) || !isHolder(after) || Array.isArray(before) !== Array.isArray(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const at = Array.isArray(before) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    return differingPaths(before[key], after[key], at);
  });
}

const isHolder = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
