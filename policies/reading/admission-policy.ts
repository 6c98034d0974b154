import { createRequire } from "node:module";
import type * as Cel from "@bufbuild/cel";
import { probesWith, strangeDigest } from "./probe-pods";
import { selects } from "./selector";
import type { Properties } from "../rule";

/** What of the API server must pass through a policy before an image can run: pods, whoever makes them. */
const gates: readonly (readonly [group: string, resource: string, operations: readonly string[]])[] = [
  ["", "pods", ["CREATE", "UPDATE"]],
  ["", "pods/ephemeralcontainers", ["UPDATE"]],
];

const lists = (value: unknown, wanted: string): boolean => {
  const given = (value ?? []) as string[];
  return given.includes("*") || given.includes(wanted);
};

/** Which kinds a policy or its binding leaves out, in a sentence. */
export function overlooked(constraints: Properties, labels: Readonly<Record<string, string>>): string | undefined {
  const { resourceRules, excludeResourceRules, namespaceSelector, objectSelector } = constraints ?? {};
  if (!selects(namespaceSelector, labels)) return "it does not look at this namespace";
  if (!selects(objectSelector, {})) return "it looks at some objects only, and labels are the caller's";
  if (((excludeResourceRules ?? []) as unknown[]).length > 0) return "it leaves kinds out";
  if (resourceRules === undefined) return undefined;
  const missing = gates.find(
    ([group, resource, operations]) =>
      !operations.every((operation) =>
        (resourceRules as Properties[]).some(
          (rule) =>
            lists(rule.apiGroups, group) &&
            lists(rule.apiVersions, "v1") &&
            lists(rule.operations, operation) &&
            (lists(rule.resources, resource) || lists(rule.resources, "*/*")) &&
            ((rule.resourceNames ?? []) as unknown[]).length === 0 &&
            (rule.scope ?? "*") !== "Cluster",
        ),
      ),
  );
  return missing && `it does not look at ${missing[1]}`;
}

/** Loaded where a policy is judged, and not by every run of the gate. */
const evaluator = (): typeof Cel => createRequire(__filename)("@bufbuild/cel") as typeof Cel;

/** A policy's own expressions, ready to be asked about an object. Throws where an expression is none. */
function compiled(spec: Properties): (given: object) => boolean {
  const { celEnv, parse, plan } = evaluator();
  const environment = celEnv();
  const program = (expression: unknown) =>
    plan(environment, parse(String(expression))) as (bound: Cel.CelInput) => unknown;
  const variables = ((spec.variables ?? []) as Properties[]).map(
    ({ name, expression }) => [String(name), program(expression)] as const,
  );
  const validations = ((spec.validations ?? []) as Properties[]).map(({ expression }) => program(expression));
  return (given) => {
    const values: Record<string, unknown> = {};
    const bound = { oldObject: null, ...given, variables: values } as Cel.CelInput;
    for (const [name, value] of variables) values[name] = value(bound);
    return validations.every((validation) => validation(bound) === true);
  };
}

/** Whether a policy's validations all say yes to a request. One that errs refuses, as its failure policy has to say. */
export function admits(spec: Properties, bound: object): boolean {
  try {
    return compiled(spec)(bound);
  } catch {
    return false;
  }
}

/** What stands between quotes in the expressions: an image may be among it. */
function literals(spec: Properties): string[] {
  const expressions = [...((spec.variables ?? []) as Properties[]), ...((spec.validations ?? []) as Properties[])];
  const text = expressions.map(({ expression }) => String(expression)).join("\n");
  return [...text.matchAll(/'([^'\n]*)'|"([^"\n]*)"/g)].map(([, single, double]) => single ?? double ?? "");
}

const judged = new Map<string, string | undefined>();

/**
 * What a policy lets through that it must not: its expressions are asked about pods with an image that is not locked. Undefined
 * where it refuses all of them.
 *
 * @param registry the private registry's host.
 * @param locked `repository@sha256:…` of all that may run.
 */
export function letsThrough(spec: Properties, registry: string, locked: readonly string[]): string | undefined {
  const key = JSON.stringify([spec, registry, locked]);
  if (!judged.has(key)) judged.set(key, tryIt(spec, registry, locked));
  return judged.get(key);
}

function tryIt(spec: Properties, registry: string, locked: readonly string[]): string | undefined {
  const known = locked.map((image) => `${registry}/${image}`);
  const [first = `${registry}/known@${strangeDigest}`] = known;
  const otherwise = `${first.split("@")[0]}@${strangeDigest}`;
  const named = literals(spec).filter((text) => !known.includes(text));
  const everywhere = [otherwise, "nginx"].flatMap((image) =>
    probesWith(image, first).map((probe) => ({ image, probe })),
  );
  const once = [`elsewhere.example/${locked[0] ?? "image"}`, ...new Set(named)].flatMap((image) =>
    probesWith(image, first)
      .slice(0, 1)
      .map((probe) => ({ image, probe })),
  );
  try {
    const lets = compiled(spec);
    const passed = [...everywhere, ...once].find(({ probe: { object, oldObject } }) => lets({ object, oldObject }));
    if (passed !== undefined) return `it admits ${passed.image || "an unnamed image"} in ${passed.probe.what}`;
  } catch (error) {
    return `its expressions cannot be tried: ${(error as Error).message}`;
  }
  return undefined;
}
