import { parse } from "yaml";
import type { Properties, Subject } from "../rule";

export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const parsed = new Map<string, Properties>();

function read(text: string): Properties {
  if (!parsed.has(text)) {
    let document: Properties;
    try {
      // The same for JSON, and many times as fast.
      document = text.startsWith("{") ? JSON.parse(text) : parse(text);
    } catch {
      document = undefined;
    }
    parsed.set(text, document instanceof Object ? document : undefined);
  }
  return parsed.get(text);
}

/**
 * The documents of a ConfigMap's files that are YAML or JSON objects, by file name. Text that is neither is left out: a rule
 * that needs a document finds none.
 *
 * @throws UnknownValue where a file is not known yet.
 */
export function documentsOf(configMap: Subject): ReadonlyMap<string, Properties> {
  const files = Object.entries((configMap.props.data ?? {}) as Record<string, unknown>);
  return new Map(files.map(([name, text]) => [name, read(String(text))] as const).filter(([, one]) => one));
}

/** A value at the end of a way through an object, whether its keys are nested or written with dots, as in `a.b.c`. */
export function valueAt(document: Properties, path: readonly string[]): unknown {
  if (path.length === 0) return document;
  if (!(document instanceof Object)) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const found = valueAt(document[path.slice(0, length).join(".")], path.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}
