import { createHash } from "node:crypto";
import type { CheckFailure, Json, Properties } from "../provider";
import type { Scope } from "./configuration";
import type { Rule } from "./rules";

/** One resource, as the functions of its definition see it. */
export interface Resource {
  /** The inputs, with defaults filled in. */
  readonly inputs: Properties;
  readonly scope: Scope;
  /** The identifier; empty while it is being decided. */
  readonly id: string;
  /** The outputs before this change, where there were any. */
  readonly before?: Properties;
  /** Hexadecimal digits that stay the same over updates and differ after a replacement. */
  readonly digits: (length: number, purpose?: string) => string;
}

/** Where the physical name of a kind comes from. */
export interface NameInput {
  readonly property: string;
  readonly prefixProperty?: string;
  readonly rule: Rule;
  /** What every name of the kind begins with, such as `alias/`. */
  readonly begins?: string;
  readonly lowercase?: boolean;
}

/** What the rehearsal knows about one kind beyond the shape that the SDK tells. */
export interface Definition {
  readonly name?: NameInput;
  /** Rules for values, by path: `ingress[*].cidrBlocks[*]`. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** What no single value can be wrong in. It may be called with inputs of the wrong type, or absent. */
  alsoCheck?(inputs: Properties): CheckFailure[];
  /** Static defaults, which show in the outputs. */
  readonly defaults?: Properties;
  readonly replaceOn?: readonly string[];
  readonly secretOutputs?: readonly string[];
  id(resource: Resource): string;
  outputs?(resource: Resource): Properties;
}

export type Definitions = Readonly<Record<string, Definition>>;

export const arnOf = (
  { scope }: Resource,
  service: string,
  path: string,
  options: { regional?: boolean } = {},
): string =>
  ["arn", scope.partition, service, options.regional === false ? "" : scope.region, scope.account, path].join(":");

/** An EC2 identifier. */
export const newId =
  (prefix: string) =>
  (resource: Resource): string =>
    `${prefix}-0${resource.digits(16)}`;

/** The identifier of something that another resource brings along, such as the default security group of a network. */
export const derivedId = (prefix: string, of: string): string => `${prefix}-0${digitsFor(of, [])(16, prefix)}`;

export function digitsFor(urn: string, identity: readonly (Json | undefined)[]) {
  return (length: number, purpose = "id"): string =>
    createHash("sha256")
      .update(JSON.stringify([urn, identity, purpose]))
      .digest("hex")
      .slice(0, length);
}

/** The value of a string input; empty where it is absent. */
export const text = (inputs: Properties, key: string): string => (typeof inputs[key] === "string" ? inputs[key] : "");

/** Moves failures below a path; one about the whole (an empty property) becomes one about the path itself. */
export const under = (path: string, failures: readonly CheckFailure[]): CheckFailure[] =>
  failures.map(({ property, reason }) => ({ property: property ? `${path}.${property}` : path, reason }));

/**
 * Fails where more or fewer than one of the inputs is given. That none is given is a failure of the whole: the missing
 * one may be a value that is not known yet.
 */
export function exactlyOne(inputs: Properties, ...names: readonly string[]): CheckFailure[] {
  const given = names.filter((name) => inputs[name] !== undefined);
  if (given.length === 1) return [];
  const found = given.length ? given.join(" and ") : "none";
  return [{ property: given[0] ?? "", reason: `found ${found}: give exactly one of ${names.join(", ")}` }];
}
