import type { Subject } from "../../policies/rule";
import type { Addition } from "./additions";
import type { FieldPath } from "./field-path";

/** Lists by which an exemption from the audit record is narrow, and what it is without each. */
const narrowing: Readonly<Record<string, string>> = {
  resources: "exempted for every kind",
  verbs: "exempted whatever they do",
  userGroups: "exempted whoever reads",
  users: "exempted whoever reads",
};

type Rules = readonly Readonly<Record<string, unknown>>[];
interface Machines {
  readonly auditPolicy?: { readonly rules?: Rules };
  readonly manifests?: readonly { readonly rules?: Rules }[];
}
const given = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

/** What machines lay down narrowly, each without what narrows it: exemptions from the record, and rights on named objects. */
export function wideningsOf({ type, props }: Subject): Addition[] {
  if (type !== "cloister:index:Machines") return [];
  const without = (path: FieldPath, told: string): Addition => ({ types: [type], path, told, change: () => undefined });
  const { auditPolicy, manifests = [] } = props as Machines;
  const exemptions = [...(auditPolicy?.rules ?? []).entries()]
    .filter(([, rule]) => rule.level === "None")
    .flatMap(([index, rule]) =>
      Object.entries(narrowing)
        .filter(([list]) => given(rule[list]))
        .map(([list, told]) => without(["auditPolicy", "rules", index, list], told)),
    );
  const rights = manifests.flatMap(({ rules = [] }, at) =>
    [...rules.entries()]
      .filter(([, { resourceNames }]) => given(resourceNames))
      .map(([index]) => without(["manifests", at, "rules", index, "resourceNames"], "for every object")),
  );
  return [...exemptions, ...rights];
}
