import { list, typed, type EnvoyDoor } from "./envoy";
import { tokenFilterName, tokenPlaces } from "./envoy-people";
import type { Properties } from "../rule";

/** A condition whose meaning is not known here: what it lets through cannot be told. */
class Unread extends Error {}

/** What a door knows of a request when it decides: by namespace, what its filters found, and the path. */
interface Asked {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly path: string;
}

const apiPath = "/v1/chat/completions";

function textMatches(matcher: Properties, value: unknown): boolean {
  if (typeof matcher?.exact !== "string" || matcher.exact === "") throw new Unread("a text that is not said exactly");
  return value === matcher.exact;
}

function valueMatches(matcher: Properties, value: unknown): boolean {
  if (matcher?.string_match) return textMatches(matcher.string_match, value);
  if (matcher?.list_match?.one_of && Array.isArray(value))
    return value.some((one) => valueMatches(matcher.list_match.one_of, one));
  throw new Unread("a value that is compared with nothing");
}

function metadataMatches({ filter, path, value, invert }: Properties, { metadata }: Asked): boolean {
  const keys = list(path).map(({ key }) => key as unknown);
  if (!filter || keys.length === 0 || !keys.every(Boolean)) throw new Unread("a place that is not named");
  const found = keys.reduce<unknown>(
    (place, key) => (place instanceof Object ? (place as Record<string, unknown>)[String(key)] : undefined),
    metadata[String(filter)],
  );
  if (found === undefined) throw new Unread(`${keys.join(".")}, which nothing here is known of`);
  return valueMatches(value, found) !== (invert === true);
}

/** Whether a condition of Envoy's RBAC, on who asks or on what is asked for, holds. Unread where it is of another kind. */
function holds(condition: Properties, asked: Asked): boolean {
  const [[kind, value] = ["", undefined], ...others] = Object.entries((condition ?? {}) as Record<string, Properties>);
  const within = (conditions: unknown): Properties[] => {
    if (list(conditions).length === 0) throw new Unread("a condition without parts");
    return list(conditions);
  };
  if (others.length > 0) throw new Unread("a condition of two kinds at once");
  if (kind === "any") return (value as unknown) === true;
  if (kind === "and_ids" || kind === "and_rules")
    return within(value?.ids ?? value?.rules).every((one) => holds(one, asked));
  if (kind === "or_ids" || kind === "or_rules")
    return within(value?.ids ?? value?.rules).some((one) => holds(one, asked));
  if (kind === "not_id" || kind === "not_rule") return !holds(value, asked);
  if (kind === "url_path") return textMatches(value?.path, asked.path);
  if (kind === "sourced_metadata") return metadataMatches(value?.metadata_matcher ?? {}, asked);
  if (kind === "metadata") return metadataMatches(value ?? {}, asked);
  throw new Unread(`a condition on ${kind || "nothing"}`);
}

/** Every text that a place is compared with, however its conditions are nested. */
function comparedWith(value: unknown, isPlace: (matcher: Properties) => boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => comparedWith(one, isPlace));
  if (!(value instanceof Object)) return [];
  const matcher = value as Properties;
  const compared: unknown =
    matcher.value?.list_match?.one_of?.string_match?.exact ?? matcher.value?.string_match?.exact;
  const own = matcher.filter && isPlace(matcher) && typeof compared === "string" ? [compared] : [];
  return [...own, ...Object.values(value).flatMap((one) => comparedWith(one, isPlace))];
}

/** Who may ask for what at a door, as its own conditions answer. */
export interface Rights {
  readonly groups: readonly string[];
  readonly factors: readonly string[];
  readonly models: readonly string[];
  /** Whether somebody of these groups, who showed these factors, may ask for a model. */
  readonly mayAsk: (groups: readonly string[], factors: readonly string[], model: string, path?: string) => boolean;
}

interface Place {
  readonly namespace: string;
  readonly key: string;
}

/** Where the name of the model is after the body was read; undefined where no filter reads it whole. */
function modelPlace(door: EnvoyDoor): Place | undefined {
  const rules = list(door.filters.find((one) => typed(one, "JsonToMetadata"))?.request_rules?.rules);
  const rule = rules.find(({ selectors }) => list(selectors).length === 1 && list(selectors)[0]?.key === "model");
  const { metadata_namespace: namespace, key } = rule?.on_present ?? {};
  return namespace && key ? { namespace: String(namespace), key: String(key) } : undefined;
}

/** Why something else than the body's own model may be decided upon; undefined where it may not. */
function misread(door: EnvoyDoor, place: Place): string | undefined {
  const at = (type: string) => door.filters.findIndex((one) => typed(one, type));
  if (at("JsonToMetadata") > at("RBAC")) return "rights are looked at before the model is read";
  const [rule] = list(door.filters[at("JsonToMetadata")]?.request_rules?.rules);
  const elsewhere = ["on_missing", "on_error"].find((event) => {
    const write: Properties = rule?.[event];
    return write !== undefined && (write.metadata_namespace !== place.namespace || write.key !== place.key);
  });
  return elsewhere && `what names no model is written elsewhere (${elsewhere}), and what stood before counts`;
}

/** @throws Unread where the door asks for something that is not known here. */
function rightsOf(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): Rights | undefined {
  const policies = door.filters.find((one) => typed(one, "RBAC"))?.rules?.policies;
  const place = modelPlace(door);
  const all = Object.values((policies ?? {}) as Record<string, Properties>);
  const claims = tokenPlaces(door, files);
  const compared = (name: string) => [
    ...new Set(
      comparedWith(policies, ({ filter, path }) => filter === tokenFilterName && list(path).at(-1)?.key === name),
    ),
  ];
  if (place === undefined || all.length === 0) return undefined;
  const isModel = ({ filter, path }: Properties) => filter === place.namespace && list(path)[0]?.key === place.key;
  return {
    groups: compared("groups"),
    factors: compared("amr"),
    models: [...new Set(comparedWith(policies, isModel))],
    mayAsk: (groups, amr, model, path = apiPath) => {
      const token = { groups, amr };
      const asked: Asked = {
        path,
        metadata: {
          [tokenFilterName]: Object.fromEntries(claims.map((key) => [key, token])),
          [place.namespace]: { [place.key]: model },
        },
      };
      // What is not read counts, whatever stands before it.
      return all
        .map((policy) => {
          if (policy?.condition ?? policy?.checked_condition) throw new Unread("a condition in CEL");
          const some = (conditions: unknown) =>
            list(conditions)
              .map((one) => holds(one, asked))
              .some(Boolean);
          const [permitted, meant] = [some(policy?.permissions), some(policy?.principals)];
          return permitted && meant;
        })
        .some(Boolean);
    },
  };
}

/** The same, where they can be read. */
export function knownRights(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): Rights | undefined {
  try {
    return rightsOf(door, files);
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}

const nobody = "nobody-of-any-group";
const nothing = "a-model-that-nobody-named";
/** Values of `amr` (RFC 8176) that are a first factor: what a person knows. */
const firstFactors = ["pwd", "pin", "kba"];

function tooMuch(rights: Rights): string | undefined {
  const { groups, factors, models, mayAsk } = rights;
  for (const group of groups) {
    for (const model of [...models, ""]) {
      if ([apiPath, "/v1/models"].some((path) => [[], firstFactors].some((amr) => mayAsk([group], amr, model, path))))
        return `${group} needs no second factor`;
    }
    if (mayAsk([group], factors, nothing) || mayAsk([group], factors, "")) return `${group} may use every model`;
  }
  const everybody = [...models, nothing, ""].some(
    (model) => mayAsk([nobody], factors, model) || mayAsk([], factors, model),
  );
  return everybody ? "who is in no group may use a model" : undefined;
}

/** Why somebody without a second factor, or without a right, may use a model, or nobody at all; undefined where all is well. */
export function unentitled(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): string | undefined {
  const action: unknown = door.filters.find((one) => typed(one, "RBAC"))?.rules?.action ?? "ALLOW";
  if (action !== "ALLOW") return "every person may use every model";
  try {
    const rights = rightsOf(door, files);
    const place = modelPlace(door);
    if (place === undefined) return "which model is asked for is read by nothing";
    if (rights === undefined) return "every person may use every model";
    const wide = misread(door, place) ?? tooMuch(rights);
    if (wide !== undefined) return wide;
    const { groups, factors, models, mayAsk } = rights;
    const idle = [
      ...groups.filter((group) => !models.some((model) => mayAsk([group], factors, model))),
      ...factors.filter((factor) => !models.some((model) => mayAsk(groups, [factor], model))),
      ...models.filter((model) => !mayAsk(groups, factors, model)),
    ];
    if (groups.length === 0 || factors.length === 0 || models.length === 0) return "nobody may use any model";
    return idle.length === 0 ? undefined : `${idle.join(", ")} gives no right, though the door speaks of it`;
  } catch (error) {
    if (error instanceof Unread) return `a right depends on what is not read: ${error.message}`;
    throw error;
  }
}
