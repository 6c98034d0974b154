import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";

const setting = "revokedCertificates";

/**
 * The text of an environment file with another list in `platform.door`; nothing else of it changes by a byte.
 *
 * @param list PEM.
 * @returns undefined where the door is written on one line, so that no block of text fits in it.
 */
export function withRevoked(text: string, list: string): string | undefined {
  const door = parseDocument(text).getIn(["platform", "door"], true);
  if (!isMap(door) || door.flow === true || door.range == null) return undefined;
  const keyed = keyOf(door, setting) ?? keyOf(door);
  if (keyed === undefined) return undefined;
  const { start, end, mine } = keyed;
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const lines = list
    .trim()
    .split("\n")
    .map((line) => `${indent}  ${line}\n`);
  const block = `${setting}: |\n${lines.join("")}`;
  return mine
    ? text.slice(0, start) + block + text.slice(end)
    : `${text.slice(0, start)}${block}${indent}${text.slice(start)}`;
}

/** Where a setting of a map stands, from its key to the end of its value; without a name, the first one. */
function keyOf(map: YAMLMap, name?: string): { start: number; end: number; mine: boolean } | undefined {
  const pair = map.items.find(({ key }) => isScalar(key) && (name === undefined || key.value === name));
  if (!isScalar(pair?.key) || pair.key.range == null) return undefined;
  const end = isScalar(pair.value) ? (pair.value.range?.[2] ?? 0) : pair.key.range[2];
  return { start: pair.key.range[0], end, mine: name !== undefined };
}
