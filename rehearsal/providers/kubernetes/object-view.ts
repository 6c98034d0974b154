import { equal, isObject } from "../property-path";
import type { Json, Properties } from "../provider";
import { sameQuantity } from "./quantity";

/** Set by the server on every object, of no use in state and different each time. */
const bookkeeping = ["managedFields"];
const assigned = ["uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields"];

/** The object as state keeps it. */
export function stateOf(live: Properties, declared: Properties): Properties {
  const state: Properties = { ...live, metadata: without(live.metadata, bookkeeping) };
  // The API keeps a Secret's `stringData` as `data` and never shows it again.
  if (declared.stringData !== undefined) state.stringData = declared.stringData;
  return state;
}

/** The object a dry run showed, without what a real creation would assign anew. */
export function plannedStateOf(dryRun: Properties, declared: Properties): Properties {
  const { status: _status, ...rest } = stateOf(dryRun, declared);
  return { ...rest, metadata: without(dryRun.metadata, assigned) };
}

/** An object found in the cluster, as somebody would have declared it. */
export function declarationOf(live: Properties): Properties {
  const { status: _status, ...rest } = live;
  return { ...rest, metadata: without(live.metadata, assigned) };
}

/**
 * The declared fields with the values they have in the cluster: what differs is drift. Fields nobody declared are the
 * server's defaults or other people's, and are left out.
 */
export function liveView(declared: Properties, live: Properties): Properties {
  const view = viewOf(declared, live) as Properties;
  if (!isObject(declared.stringData)) return view;
  const data = (live.data ?? {}) as Record<string, string>;
  const entries = Object.keys(declared.stringData)
    .filter((key) => key in data)
    .map((key) => [key, Buffer.from(data[key] ?? "", "base64").toString("utf8")]);
  return { ...view, stringData: Object.fromEntries(entries) as Properties };
}

function viewOf(declared: Json, live: Json | undefined): Json | undefined {
  if (live === undefined) return isEmpty(declared) ? declared : undefined;
  if (isObject(declared) && isObject(live)) {
    const entries = Object.entries(declared).map(([key, value]) => [key, viewOf(value, live[key])] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
  }
  if (Array.isArray(declared) && Array.isArray(live)) return listView(declared, live);
  return sameQuantity(declared, live) ? declared : live;
}

/** Lists of named things are matched by name, because others may add to them; other lists are taken as a whole. */
function listView(declared: Json[], live: Json[]): Json[] {
  const name = (item: Json) => (isObject(item) && typeof item.name === "string" ? item.name : undefined);
  if (declared.length > 0 && declared.every(name)) {
    const byName = new Map(live.map((item) => [name(item), item]));
    return declared
      .map((item) => viewOf(item, byName.get(name(item))))
      .filter((item): item is Json => item !== undefined);
  }
  if (declared.length !== live.length) return live;
  return declared.map((item, index) => viewOf(item, live[index]) ?? null);
}

/** The API leaves empty values out of what it shows. */
function isEmpty(value: Json): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === null || value === "" || value === false || value === 0 || equal(value, []);
}

function without(metadata: Json | undefined, keys: readonly string[]): Properties {
  const entries = Object.entries((metadata ?? {}) as Properties);
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
}
