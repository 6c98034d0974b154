import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { formatPath, isObject, overlaps, type PropertyPath } from "./property-path";
import type { Json, Properties } from "./provider";

/** The engine's marks in property values; the numbers are fixed by its wire format. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as a kind may see them, and where the secrets and the not yet known values are. */
export interface Decoded {
  /** Secrets are opened; unknown values are left out. An array with an unknown element is left out whole. */
  readonly value: Properties;
  /** The same properties with the engine's marks still in them. */
  readonly marked: Properties;
  readonly secrets: readonly PropertyPath[];
  readonly unknowns: readonly PropertyPath[];
}

export function decode(struct: Struct | undefined): Decoded {
  const marked = struct?.toJavaScript() ?? {};
  const secrets: PropertyPath[] = [];
  const unknowns: PropertyPath[] = [];
  const open = (value: Json, path: PropertyPath): Json | undefined => {
    if (value === UNKNOWN) {
      unknowns.push(path);
      return undefined;
    }
    if (isSecret(value)) {
      secrets.push(path);
      return open(value.value ?? null, path);
    }
    if (Array.isArray(value)) {
      if (value.some(isUnknown)) {
        unknowns.push(path);
        return undefined;
      }
      return value.map((item, index) => open(item, [...path, index]) ?? null);
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, open(item, [...path, key])] as const)
        .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined),
    );
  };
  const value = open(marked, []) as Properties;
  return { value, marked, secrets, unknowns };
}

/** Properties for the engine, with the values at the given paths marked as secret. */
export function encode(properties: Properties, secrets: readonly PropertyPath[] = []): Struct {
  const secretPaths = new Set(secrets.map(formatPath));
  const seal = (value: Json, path: PropertyPath): Json => {
    const inner = Array.isArray(value)
      ? value.map((item, index) => seal(item ?? null, [...path, index]))
      : isObject(value)
        ? sealObject(value, path)
        : value;
    return secretPaths.has(formatPath(path)) && !isSecret(value) ? { [SIGNATURE]: SECRET, value: inner } : inner;
  };
  const sealObject = (value: Properties, path: PropertyPath): Properties =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, seal(item, [...path, key])]),
    );
  return Struct.fromJavaScript(sealObject(properties, []));
}

/**
 * Puts what a kind made of its inputs back over what the engine sent: values it left alone keep their marks, and
 * unknown values it could not see are kept.
 */
export function restoreMarks(given: Json | undefined, returned: Json, marked: Json): Json {
  if (isSecret(marked)) {
    return { [SIGNATURE]: SECRET, value: restoreMarks(given, returned, marked.value ?? null) };
  }
  if (isUnknown(marked)) return marked;
  if (isObject(given) && isObject(returned) && isObject(marked)) {
    const kept = Object.entries(marked).filter(([key]) => !(key in given));
    const changed = Object.entries(returned)
      .filter(([key]) => key in given || !(key in marked))
      .map(([key, item]) => [key, key in given ? restoreMarks(given[key], item, marked[key] ?? null) : item] as const);
    return Object.fromEntries([...kept, ...changed]);
  }
  if (Array.isArray(given) && Array.isArray(returned) && Array.isArray(marked) && returned.length === marked.length) {
    return returned.map((item, index) => restoreMarks(given[index], item, marked[index] ?? null));
  }
  return returned;
}

/**
 * In preview, an output that may depend on a value nobody knows yet is not known either. What merely echoes a known
 * input stays.
 */
export function hideUnknowns(state: Properties, inputs: Decoded, equal: (a: Json, b: Json | undefined) => boolean) {
  if (inputs.unknowns.length === 0) return state;
  const hide = (output: Json | undefined, input: Json | undefined, path: PropertyPath): Json => {
    const below = inputs.unknowns.filter((unknown) => overlaps(unknown, path));
    if (below.some((unknown) => unknown.length <= path.length)) return UNKNOWN;
    if (isObject(input) && (isObject(output) || output === undefined)) {
      const next = below.map((unknown) => unknown[path.length]).filter((step) => typeof step === "string");
      const keys = new Set([...Object.keys(output ?? {}), ...next]);
      return Object.fromEntries([...keys].map((key) => [key, hide(output?.[key], input[key], [...path, key])]));
    }
    if (Array.isArray(input) && Array.isArray(output) && input.length === output.length) {
      return output.map((item, index) => hide(item, input[index], [...path, index]));
    }
    return output !== undefined && equal(output, input) ? output : UNKNOWN;
  };
  return hide(state, inputs.value, []) as Properties;
}

function isUnknown(value: Json): boolean {
  return value === UNKNOWN || (isSecret(value) && value.value === UNKNOWN);
}

function isSecret(value: Json): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}
