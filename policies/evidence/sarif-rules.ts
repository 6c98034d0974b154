import { catalogue, type CatalogueEntry, type Severity } from "../catalogue";
import { controlOf } from "../controls";
import { frameworks } from "../frameworks";
import { rules } from "../rules";
import { identifier } from "./identifier";

export const levels: Record<Severity, string> = { critical: "error", high: "error", medium: "warning", low: "note" };
/** What code scanners sort by, on the scale of CVSS. */
const scores: Record<Severity, string> = { critical: "9.0", high: "7.0", medium: "5.0", low: "3.0" };

/** A rule of the catalogue, with the controls it supports. */
export function descriptor(entry: CatalogueEntry): object {
  const rule = rules.find(({ id }) => id === entry.id);
  return {
    id: entry.id,
    shortDescription: { text: `${entry.title}.` },
    fullDescription: { text: [`${entry.title}.`, ...(rule ? [rule.remediation] : [])].join(" ") },
    ...(rule ? { help: { text: rule.remediation } } : {}),
    defaultConfiguration: { level: levels[entry.severity] },
    properties: { "security-severity": scores[entry.severity], tags: [entry.group, entry.scope] },
    relationships: Object.entries(entry.supports).flatMap(([name, controls]) =>
      controls.map((id) => ({ target: { id, toolComponent: referenceTo(name) }, kinds: ["relevant"] })),
    ),
  };
}

const referenceTo = (key: string): object => ({
  name: key,
  index: frameworks.findIndex((framework) => framework.key === key),
  guid: identifier("taxonomy", key),
});

export const supportedTaxonomies = (): object[] => frameworks.map(({ key }) => referenceTo(key));

/** Each framework with its edition, and the controls of it that any rule supports. */
export const taxonomies = (): object[] =>
  frameworks.map(({ key, name, version }) => ({
    name: key,
    guid: identifier("taxonomy", key),
    ...(version ? { version } : {}),
    fullName: version ? `${name} ${version}` : name,
    shortDescription: { text: `${name}.` },
    taxa: [...new Set(catalogue.flatMap((entry) => entry.supports[key] ?? []))].sort().map((id) => taxon(key, id)),
  }));

/** A control, with what it asks for and how far code reaches into it. */
function taxon(framework: string, id: string): object {
  const control = controlOf(framework, id);
  if (control === undefined) return { id };
  const { title, coverage, parties, remains } = control;
  return {
    id,
    shortDescription: { text: `${title.replace(/\.$/, "")}.` },
    properties: { coverage, parties, ...(remains ? { remains } : {}) },
  };
}
