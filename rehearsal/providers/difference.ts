import type { Decoded } from "./codec";
import { equal, formatPath, isObject, overlaps, parsePath, valueAt, type PropertyPath } from "./property-path";
import type { Difference, Json, Properties } from "./provider";

/** Every path at which two sets of inputs differ; an input that is not yet known counts as changed. */
export function changedPaths(olds: Properties, news: Decoded): PropertyPath[] {
  const changed: PropertyPath[] = [];
  const compare = (old: Json | undefined, now: Json | undefined, path: PropertyPath): void => {
    if (news.unknowns.some((unknown) => unknown.length <= path.length && overlaps(unknown, path))) {
      changed.push(path);
    } else if (isObject(old) && isObject(now)) {
      const unknownKeys = news.unknowns
        .filter((unknown) => unknown.length > path.length && overlaps(unknown, path))
        .map((unknown) => unknown[path.length])
        .filter((step): step is string => typeof step === "string");
      for (const key of new Set([...Object.keys(old), ...Object.keys(now), ...unknownKeys])) {
        compare(old[key], now[key], [...path, key]);
      }
    } else if (Array.isArray(old) && Array.isArray(now)) {
      for (let index = 0; index < Math.max(old.length, now.length); index++) {
        compare(old[index], now[index], [...path, index]);
      }
    } else if (!equal(old, now)) {
      changed.push(path);
    }
  };
  compare(olds, news.value, []);
  return changed;
}

/** What changed, and which of it can only be had by a replacement. */
export function differenceOf(olds: Properties, news: Decoded, replaceOn: readonly string[] = []): Difference {
  const forcing = replaceOn.map(parsePath);
  const changed = changedPaths(olds, news);
  return {
    changed: changed.map(formatPath),
    replaces: changed.filter((path) => forcing.some((forced) => overlaps(forced, path))).map(formatPath),
  };
}

export interface DetailedChange {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** The engine's view of a difference: each path added, deleted or updated, and whether it forces a replacement. */
export function detailedChanges(difference: Difference, olds: Properties, news: Decoded): DetailedChange[] {
  const replacing = difference.replaces.map(parsePath);
  return [...new Set([...difference.changed, ...difference.replaces])].map((text) => {
    const path = parsePath(text);
    const unknown = news.unknowns.some((other) => overlaps(other, path));
    const before = valueAt(olds, path) !== undefined;
    const after = unknown || valueAt(news.value, path) !== undefined;
    return {
      path: formatPath(path),
      kind: before === after ? "update" : after ? "add" : "delete",
      replaces: replacing.some((other) => overlaps(other, path)),
    };
  });
}
