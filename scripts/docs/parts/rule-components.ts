import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { matches, type Rule } from "../../../policies/rule";
import { footprints } from "../../guide/page";

const components = resolve(__dirname, "../../../test/components");
const prefix = "cloister:index:";

/** Resource types of the three worked examples, each with the component that stands directly above it. */
function makers(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const layer of ["foundation", "platform"]) {
    for (const footprint of footprints) {
      const urns = readFileSync(join(components, layer, `golden-urns.${footprint}.txt`), "utf8")
        .trim()
        .split("\n");
      for (const urn of urns) {
        const types = (urn.split("::")[2] ?? "").split("$");
        const type = types.at(-1) ?? "";
        const maker = type.startsWith(prefix) ? type : types.findLast((one) => one.startsWith(prefix));
        if (maker !== undefined) found.set(type, (found.get(type) ?? new Set()).add(maker.slice(prefix.length)));
      }
    }
  }
  return found;
}

const known = makers();

/**
 * Components of the kit that lay what a rule looks at, from the resources of the three worked examples. Empty: none of the
 * examples lays such a thing, and the rule judges what others add.
 */
export function componentsOf(rule: Rule): string[] {
  const names = [...known].flatMap(([type, makers]) => (matches(rule.types, type) ? [...makers] : []));
  return [...new Set(names)].sort();
}
