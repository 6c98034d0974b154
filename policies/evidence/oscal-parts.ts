import { catalogued } from "../catalogue";
import { controlsOf } from "../controls";
import type { EvidenceInput } from "./evidence";
import { canonicalJson, sha256 } from "./canonical";
import { timeless } from "./time-fields";

/** The version of OSCAL both documents are written in. */
export const oscalVersion = "1.2.1";

/** Whose the properties are that OSCAL does not define. */
export const namespace = "https://cloister.dev/ns/oscal";

export const property = (name: string, value: string) => ({ name, ns: namespace, value });

/** The same, or nothing where there is no value: OSCAL allows no empty one. */
export const propertyIf = (name: string, value: string | undefined) =>
  value === undefined || value === "" ? [] : [property(name, value)];

/** An array under its key, or nothing: an empty array is invalid in OSCAL. */
export function some<Key extends string, Item>(
  key: Key,
  items: readonly Item[],
): Partial<Record<Key, readonly Item[]>> {
  return items.length > 0 ? ({ [key]: items } as Record<Key, readonly Item[]>) : {};
}

/** The identifier of a NIST SP 800-53 control in OSCAL's catalogue: `SC-28(1)` is `sc-28.1`. */
export function nistControlId(control: string): string {
  return control.toLowerCase().replace(/\((\d+)\)$/, ".$1");
}

/** Controls of NIST SP 800-53 that a rule supports, as OSCAL's catalogue names them. */
export const nistControls = (rule: string): readonly string[] =>
  (catalogued(rule).supports["nist-800-53"] ?? []).map(nistControlId);

/** A control of NIST SP 800-53 as a person reads it: `SC-28(1) Cryptographic protection`. */
export function nistTitle(identifier: string): string {
  const control = controlsOf("nist-800-53").find(({ id }) => nistControlId(id) === identifier);
  return control === undefined ? identifier.toUpperCase() : `${control.id} ${control.title}`;
}

/** SHA-256 over what a run found, without when: identifiers that follow from it are the same in a second run. */
export const contentSha256 = (input: EvidenceInput): string => sha256(canonicalJson(timeless(input)));
