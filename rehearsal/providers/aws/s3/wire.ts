import { isObject } from "../../property-path";
import type { Json, Properties } from "../../provider";

/** Names whose wire form is not just the same with a capital. */
const irregular: Readonly<Record<string, string>> = {
  id: "ID",
  kmsMasterKeyId: "KMSMasterKeyID",
  mfaDelete: "MFADelete",
  sseAlgorithm: "SSEAlgorithm",
};
const regular = Object.fromEntries(Object.entries(irregular).map(([name, wire]) => [wire, name]));

type Tag = { Key: string; Value: string };

export const tagsToWire = (tags: Json | undefined): Tag[] =>
  isObject(tags) ? Object.entries(tags).map(([Key, value]) => ({ Key, Value: value as string })) : [];

export const tagsFromWire = (tags: readonly { Key?: string; Value?: string }[] = []): Properties =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

/** Inputs as the S3 client takes them: capitalised, tags as a list, dates as dates. */
export function toWire(value: Json, key = ""): unknown {
  if (key === "tags") return tagsToWire(value);
  if (key === "date") return new Date(value as string);
  if (Array.isArray(value)) return value.map((item) => toWire(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      irregular[name] ?? name.charAt(0).toUpperCase() + name.slice(1),
      toWire(item, name),
    ]),
  );
}

/** An answer of the S3 client in the form of inputs; what is undefined in it is left out. */
export function fromWire(value: unknown, key = ""): Json {
  if (key === "Tags") return tagsFromWire(value as Tag[]);
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (Array.isArray(value)) return value.map((item) => fromWire(item));
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [regular[name] ?? name.charAt(0).toLowerCase() + name.slice(1), fromWire(item, name)]),
  );
}
