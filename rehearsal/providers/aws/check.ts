import { formatPath, isObject, parsePath } from "../property-path";
import type { PropertyPath } from "../property-path";
import type { Autonaming, CheckFailure, Json, Properties } from "../provider";
import { shown } from "../schema-check";
import { digitsFor } from "./definition";
import type { Definition, NameInput } from "./definition";
import { checkShape, shapes } from "./shapes";

/** Every value that a path with `[*]` in it leads to. */
function valuesAt(root: Json | undefined, steps: PropertyPath, path: PropertyPath = []): [PropertyPath, Json][] {
  const [step, ...rest] = steps;
  if (root === undefined || root === null) return [];
  if (step === undefined) return [[path, root]];
  if (step === "*" && Array.isArray(root)) {
    return root.flatMap((item, index) => valuesAt(item, rest, [...path, index]));
  }
  return isObject(root) ? valuesAt(root[step], rest, [...path, step]) : [];
}

interface NamingContext {
  readonly urn: string;
  readonly name: string;
  readonly autonaming?: Autonaming;
  readonly olds?: Properties;
}

/** The physical name: given, from a prefix, kept from before, or proposed by the engine. */
function named(
  name: NameInput,
  inputs: Properties,
  context: NamingContext,
): { value?: string; failure?: CheckFailure } {
  const { property, prefixProperty, begins = "" } = name;
  if (inputs[property] !== undefined) return {};
  const prefix = prefixProperty === undefined ? undefined : inputs[prefixProperty];
  const before = context.olds?.[property];
  if (typeof before === "string" && (typeof prefix !== "string" || before.startsWith(prefix))) return { value: before };
  // The shape check reports a prefix that is no string.
  if (prefix !== undefined)
    return typeof prefix === "string" ? { value: prefix + digitsFor(context.urn, [prefix])(10) } : {};
  if (context.autonaming?.mode === "disabled") {
    return { failure: { property, reason: "found nothing: automatic names are switched off; give the name here" } };
  }
  const proposed = context.autonaming?.proposedName ?? `${context.name}-${digitsFor(context.urn, [])(7)}`;
  const isFree = context.autonaming?.mode !== "enforce" && name.lowercase;
  return { value: begins + (isFree ? proposed.toLowerCase() : proposed) };
}

/** A policy given as an object becomes the JSON text that the service would hold. */
function documentsWritten(token: string, inputs: Properties): Properties {
  const shape = shapes.kinds[token]?.inputs ?? {};
  const entries = Object.entries(inputs).map(([key, value]) => {
    const type = shape[key] ?? shape[`${key}?`] ?? "";
    return [key, type.startsWith("string|") && isObject(value) ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(entries) as Properties;
}

/** Fills in defaults and the physical name, lists everything that is wrong: shape first, then values, then their interplay. */
export function checkInputs(
  token: string,
  definition: Definition,
  given: Properties,
  context: NamingContext,
): { inputs: Properties; failures: CheckFailure[] } {
  const inputs = documentsWritten(token, { ...definition.defaults, ...given });
  const failures: CheckFailure[] = [];
  const { name } = definition;
  if (name) {
    const { property, prefixProperty } = name;
    if (prefixProperty !== undefined && inputs[property] !== undefined && inputs[prefixProperty] !== undefined) {
      failures.push({ property: prefixProperty, reason: `contradicts ${property}; give one of the two` });
    }
    const { value, failure } = named(name, inputs, context);
    if (value !== undefined) inputs[property] = value;
    if (failure) failures.push(failure);
  }
  failures.push(...checkShape(shapes.kinds[token]?.inputs ?? {}, given));
  const wrongTypes = new Set(failures.map(({ property }) => property));
  const rules = { ...(name && { [name.property]: name.rule }), ...definition.rules };
  for (const [pattern, rule] of Object.entries(rules)) {
    for (const [path, value] of valuesAt(inputs, parsePath(pattern))) {
      const property = formatPath(path);
      const allowed = wrongTypes.has(property) ? undefined : rule(value);
      if (allowed) failures.push({ property, reason: `found ${shown(value)}: must be ${allowed}` });
    }
  }
  return { inputs, failures: [...failures, ...(definition.alsoCheck?.(inputs) ?? [])] };
}
