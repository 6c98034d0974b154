import type { Properties } from "../rule";

/** Whether a selector of Kubernetes matches labels; an absent or empty one matches all. */
export function selects(selector: Properties, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries((selector?.matchLabels ?? {}) as Record<string, string>);
  const expressions = (selector?.matchExpressions ?? []) as Properties[];
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values }) => {
      const label = labels[key as string];
      const listed = ((values ?? []) as string[]).includes(label ?? "");
      if (operator === "Exists") return label !== undefined;
      if (operator === "DoesNotExist") return label === undefined;
      if (operator === "In") return label !== undefined && listed;
      return operator === "NotIn" && !listed;
    })
  );
}
